import { z } from 'zod';
import { DURATION_PATTERN, PERCENT_PATTERN } from '../units.ts';

/**
 * An object that refuses unknown keys. The message lists the keys that are allowed, so that the reader of an error need not
 * open the documentation.
 */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const allowed = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `unknown key; allowed: ${allowed}` : undefined),
  });
}

export const duration = z
  .string()
  .regex(DURATION_PATTERN, { error: 'must be a duration such as 500ms, 5s or 10m' })
  .meta({ description: 'A duration: a number with ms, s, m, h, d or w.' });

export const percent = z
  .string()
  .regex(PERCENT_PATTERN, { error: 'must be a percentage such as 99%' })
  .refine((text) => !PERCENT_PATTERN.test(text) || Number.parseFloat(text) <= 100, {
    error: 'must be at most 100%',
  })
  .meta({ description: 'A percentage such as 99%.' });

/** Names of systems, services and receivers: they become label values, file names and URL paths. */
export const identifier = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, { error: 'must be lower-case letters, digits, dots and dashes' });

/** Alert names as Prometheus takes them. */
export const alertName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be letters, digits and underscores, not starting with a digit' });

export const metricName = z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, { error: 'must be a Prometheus metric name' });

export const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, { error: 'must be a Prometheus label name' });

/** A secret: the name of an environment variable or a file that holds it, never the secret itself. */
export const secret = z
  .union(
    [
      strict({ variable: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be a variable name' }) }),
      strict({ file: z.string().min(1) }),
    ],
    {
      error: 'a secret must be {variable: NAME} or {file: PATH}, never the value itself',
    },
  )
  .meta({ description: 'A secret by reference: {variable: NAME} or {file: PATH}.' });

export const positiveInteger = z.int().positive();

export const port = z.int().min(1).max(65_535);
