import { z } from 'zod';
import { strict } from './common.ts';
import { routing } from './receiver.ts';

/** Monitoring itself: alerts about Prometheus, Alertmanager and the prober, and where notifications link to. */
export const operations = strict({
  team: z.string().optional(),
  routing: routing.optional(),
  runbookUrl: z
    .url()
    .optional()
    .meta({ description: 'Where runbook.md is read; links in notifications start with it.' }),
  grafanaUrl: z.url().optional().meta({ description: 'Where Grafana is read; links in notifications start with it.' }),
});
