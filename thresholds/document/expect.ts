import { z } from 'zod';
import { STATUS_CLASS_PATTERN } from '../status.ts';
import { strict } from './common.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What a JSON path must hold: an exact scalar, or one of these conditions. */
const jsonCondition = z.union([
  scalar,
  strict({ type: z.enum(['string', 'number', 'boolean', 'array', 'object']) }),
  strict({ matches: z.string() }),
  strict({ minItems: z.int().nonnegative() }),
]);

/** A path into a JSON answer. */
export const jsonPath = z
  .string()
  .regex(/^\$(?:\.[A-Za-z0-9_-]+|\[\d+\])*$/, { error: 'must be a path such as $.data[0].id' });

const oneStatus = z.union([
  z.int().min(100).max(599),
  z.string().regex(STATUS_CLASS_PATTERN, { error: 'must be a status such as 200 or a class such as 2xx' }),
]);

const conditions = {
  status: z
    .union([oneStatus, z.array(oneStatus).min(1)])
    .optional()
    .meta({ description: 'HTTP status, or a class such as 2xx; one or several. Default 200.' }),
  json: z
    .record(jsonPath, jsonCondition)
    .optional()
    .meta({ description: 'Paths into the JSON answer and what each must hold.' }),
  text: z
    .string()
    .optional()
    .meta({ description: 'Regular expression that the body (or the tool or model text) must match.' }),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: 'Response headers and the regular expression that each must match.' }),
};

/** The expected answer of an endpoint or probe. */
export const expectation = strict({
  ...conditions,
  not: strict(conditions).optional().meta({
    description:
      'What must not be: any of these conditions that holds is a failure. Without a status beside it, any but a redirect is accepted.',
  }),
});
