import { z } from 'zod';
import { strict } from '../common.ts';
import { timing } from './timing.ts';

/** A command of redis. */
export const redisProbe = strict({
  kind: z.literal('redis'),
  command: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: 'A command and its arguments, such as [GET, greeting]. Default [PING].' }),
  expect: z
    .string()
    .optional()
    .meta({ description: 'Regular expression that the answer must match. Default ^PONG$ for PING, else any answer.' }),
  info: strict({
    role: z.enum(['master', 'replica']).optional(),
    minVersion: z
      .string()
      .regex(/^\d+(\.\d+){0,2}$/, { error: 'must be a version such as "7.2"' })
      .optional(),
    replicating: z.boolean().optional().meta({ description: 'The replica must be connected with its master.' }),
  })
    .optional()
    .meta({ description: 'What INFO must say; a server that loads its data then fails too.' }),
  ...timing,
});
