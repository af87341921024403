import { z } from 'zod';
import { strict } from '../common.ts';
import { expectation } from '../expect.ts';
import { timing } from './timing.ts';

/** An HTTP request. */
export const httpProbe = strict({
  kind: z.literal('http'),
  method: z.enum(['GET', 'HEAD', 'POST']).optional(),
  path: z.string().regex(/^\//, { error: 'must start with /' }).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  expect: expectation.optional(),
  ...timing,
});
