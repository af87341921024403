import { z } from 'zod';
import { CLOCK_TIME_PATTERN, isTimezone, WEEKDAYS } from '../maintenance.ts';
import { duration, strict } from './common.ts';

const note = z.string().optional().meta({ description: 'Why, for people.' });

/** A window that comes back. */
export const recurring = strict({
  days: z.array(z.enum(WEEKDAYS)).min(1).optional().meta({ description: 'Weekdays it begins on. Default: every day.' }),
  at: z
    .string()
    .regex(CLOCK_TIME_PATTERN, { error: 'must be a time of day such as 02:30' })
    .meta({ description: 'When it begins, on the clocks of its time zone.' }),
  for: duration,
  timezone: z
    .string()
    .refine(isTimezone, { error: 'must be a time zone such as Europe/Vienna or UTC' })
    .optional()
    .meta({ description: 'IANA name. Default UTC.' }),
  note,
});

const moment = z.iso.datetime({ offset: true, error: 'must be a moment such as 2026-12-01T22:00:00Z' });

/** A window that comes once. */
const once = strict({ from: moment, to: moment, note }).refine(
  ({ from, to }) => !(Date.parse(from) >= Date.parse(to)),
  {
    error: 'must be later than from',
    path: ['to'],
  },
);

/** When a service may be down: its probes run on, but count neither for nor against the promise. */
export const maintenance = z
  .array(z.union([recurring, once]))
  .meta({ description: 'Windows in which probes run on but count neither for nor against the promise.' });

export type MaintenanceDocument = z.infer<typeof maintenance>;
