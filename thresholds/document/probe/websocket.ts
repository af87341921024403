import { z } from 'zod';
import { strict } from '../common.ts';
import { timing } from './timing.ts';

/** A WebSocket conversation. */
export const websocketProbe = strict({
  kind: z.literal('websocket'),
  path: z.string().regex(/^\//, { error: 'must start with /' }).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  subprotocol: z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'must be one subprotocol, such as graphql-ws' })
    .optional()
    .meta({ description: 'Offered to the server, which must choose it.' }),
  send: z.string().optional().meta({ description: 'Text message to send after the upgrade.' }),
  expectText: z
    .string()
    .optional()
    .meta({ description: 'Regular expression that one of the text messages received must match.' }),
  ping: z.boolean().optional().meta({ description: 'Whether a ping must be answered. Default true.' }),
  ...timing,
});
