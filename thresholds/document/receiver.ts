import { z } from 'zod';
import { SEVERITIES } from './alert.ts';
import { duration, identifier, labelName, secret, strict } from './common.ts';
import { recurring } from './maintenance.ts';

/** Where notifications go. */
export const receiver = z.discriminatedUnion('type', [
  strict({
    type: z.literal('webhook'),
    url: z
      .union([z.url(), secret], { error: 'must be a URL, or {variable: NAME} or {file: PATH} where it is a secret' })
      .meta({ description: 'A URL, or by reference where whoever knows it may post.' }),
  }),
  strict({ type: z.literal('slack'), channel: z.string(), apiUrl: secret }),
  strict({ type: z.literal('discord'), webhookUrl: secret }),
  strict({ type: z.literal('pagerduty'), routingKey: secret }),
  strict({
    type: z.literal('email'),
    to: z.string(),
    from: z.string(),
    smarthost: z.string().regex(/:\d+$/, { error: 'must be host:port' }),
    username: z.string().optional(),
    password: secret.optional(),
  }),
]);

export const receivers = z.record(identifier, receiver);

/** Times in which alerts may be told nobody; routings name them. */
export const muteTimes = z
  .record(identifier, z.array(recurring).min(1))
  .meta({ description: 'Named times. Alerts that a routing mutes in one are told after its end if they still fire.' });

/** How a system's alerts reach receivers. */
export const routing = strict({
  receivers: z
    .array(z.string())
    .min(1)
    .meta({ description: 'Receivers of every alert that bySeverity does not route.' }),
  bySeverity: z.partialRecord(z.enum(SEVERITIES), z.array(z.string()).min(1)).optional(),
  escalation: z.array(z.string()).min(1).optional().meta({
    description:
      'Receivers of alerts that stayed critical too long. Default: those of operations, else those of critical alerts.',
  }),
  muteTimes: z
    .partialRecord(z.enum(['warning', 'info']), z.array(z.string()).min(1))
    .optional()
    .meta({
      description: 'For warning and info: names of muteTimes in which they are told nobody. Critical never waits.',
    }),
  groupBy: z.array(labelName).min(1).optional(),
  groupWait: duration.optional(),
  groupInterval: duration.optional(),
  repeatInterval: duration.optional(),
});
