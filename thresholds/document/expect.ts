import { z } from 'zod';
import { strict } from './common.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What a JSON path must hold: an exact scalar, or one of these conditions. */
const jsonCondition = z.union([
  scalar,
  strict({ type: z.enum(['string', 'number', 'boolean', 'array', 'object']) }),
  strict({ matches: z.string() }),
  strict({ minItems: z.int().nonnegative() }),
]);

/** The expected answer of an endpoint or probe. */
export const expectation = strict({
  status: z
    .union([z.int().min(100).max(599), z.array(z.int().min(100).max(599)).min(1)])
    .optional()
    .meta({ description: 'Accepted HTTP status, one or several. Default 200.' }),
  json: z
    .record(
      z.string().regex(/^\$(?:\.[A-Za-z0-9_-]+|\[\d+\])*$/, { error: 'must be a path such as $.data[0].id' }),
      jsonCondition,
    )
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
});
