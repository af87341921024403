import { duration } from '../common.ts';

/** When a probe runs and how long it may take; the same for every kind. */
export const timing = {
  interval: duration.optional(),
  timeout: duration.optional(),
  degradedAbove: duration.optional().meta({ description: 'A slower success counts as degraded.' }),
};
