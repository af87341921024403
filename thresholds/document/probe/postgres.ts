import { z } from 'zod';
import { strict } from '../common.ts';
import { timing } from './timing.ts';

/** A query of PostgreSQL. */
export const postgresProbe = strict({
  kind: z.literal('postgres'),
  user: z.string().min(1).optional().meta({ description: 'Default: the user of auth.basic, or postgres.' }),
  database: z.string().min(1).optional().meta({ description: "Default: the user's name." }),
  sslmode: z
    .enum(['disable', 'require', 'verify-full'])
    .optional()
    .meta({ description: 'require encrypts without verifying, as libpq does. Default disable.' }),
  query: z.string().min(1).optional().meta({ description: 'Runs in a read-only transaction. Default SELECT 1.' }),
  expect: strict({
    value: z.string().optional().meta({ description: 'Regular expression for the first value of the first row.' }),
    rows: strict({ min: z.int().nonnegative().optional(), max: z.int().nonnegative().optional() }).optional(),
  }).optional(),
  role: z.enum(['primary', 'standby']).optional().meta({
    description: 'primary fails while the server is in recovery, standby while it is not. Default: both will do.',
  }),
  ...timing,
});
