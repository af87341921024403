import { z } from 'zod';
import { strict } from '../common.ts';
import { timing } from './timing.ts';

/** A TCP connection. */
export const tcpProbe = strict({
  kind: z.literal('tcp'),
  send: z.string().optional(),
  expectText: z.string().optional().meta({ description: 'Regular expression that the answer must match.' }),
  ...timing,
});
