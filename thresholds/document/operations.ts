import { z } from 'zod';
import { duration, strict } from './common.ts';
import { routing } from './receiver.ts';

/** Monitoring itself: alerts about Prometheus, Alertmanager and the prober, and where notifications link to. */
export const operations = strict({
  team: z.string().optional(),
  routing: routing.optional(),
  watchdog: strict({ receiver: z.string(), every: duration.optional() }).optional().meta({
    description:
      'Who must hear from the alert Watchdog without a pause (default: each minute) and alarms when it stops.',
  }),
  runbookUrl: z
    .url()
    .optional()
    .meta({ description: 'Where runbook.md is read; links in notifications start with it.' }),
  grafanaUrl: z.url().optional().meta({ description: 'Where Grafana is read; links in notifications start with it.' }),
});
