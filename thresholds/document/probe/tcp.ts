import { z } from 'zod';
import { strict } from '../common.ts';
import { timing } from './timing.ts';

const turn = {
  send: z.string().optional(),
  expectText: z
    .string()
    .optional()
    .meta({ description: 'Regular expression that the answer must match; ^ and $ are the ends of a line.' }),
};

/** A TCP connection. */
export const tcpProbe = strict({
  kind: z.literal('tcp'),
  ...turn,
  dialogue: z
    .array(strict(turn))
    .min(1)
    .max(20)
    .optional()
    .meta({ description: 'Several turns in place of one: each sends, then waits for its answer.' }),
  mustRefuse: z.boolean().optional().meta({ description: 'The port must refuse the connection.' }),
  ...timing,
});
