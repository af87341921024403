import { z } from 'zod';
import { parseOfLatest } from '../../confirmation.ts';
import { duration, strict } from '../common.ts';

const ofLatest = z
  .string()
  .refine((text) => parseOfLatest(text) !== null, { error: 'must be such as 2 of 3, at most 30 of 30' });

/** When a probe runs, how long it may take, and what confirms a change; the same for every kind. */
export const timing = {
  interval: duration.optional(),
  timeout: duration.optional(),
  degradedAbove: duration.optional().meta({ description: 'A slower success counts as degraded.' }),
  failAbove: duration
    .optional()
    .meta({ description: 'A slower success counts as failed, though it came within the timeout.' }),
  confirm: strict({
    fail: ofLatest
      .optional()
      .meta({ description: 'So many failures among the latest judged runs make it down. Default 2 of 3.' }),
    recover: ofLatest
      .optional()
      .meta({ description: 'So many successes among the latest judged runs make it up again. Default 2 of 2.' }),
  }).optional(),
  recheck: duration.optional().meta({
    description:
      'Time to the next look while it fails and until it is up again, at most 10 in a row; these looks do not count for the promise. Default: a third of the interval, at least 5s.',
  }),
};
