import { z } from 'zod';
import { duration, secret, strict } from '../common.ts';
import { timing } from './timing.ts';

/** Others push to the prober: `POST /heartbeat/<target>`. */
export const heartbeatProbe = strict({
  kind: z.literal('heartbeat'),
  within: duration.meta({ description: 'Longest expected time between two beats; silence for longer is a failure.' }),
  grace: duration.optional().meta({ description: 'How late a beat may be. Default 0s.' }),
  finishWithin: duration
    .optional()
    .meta({ description: 'Longest time from state=start to its finish. Default: any time.' }),
  token: secret.meta({ description: 'What the sender shows as bearer token.' }),
  ...timing,
});
