import { z } from 'zod';
import { labelName, metricName, strict } from './common.ts';
import { metricSim } from './sim.ts';

/**
 * Where a label's values come from: a fixed text, `$method`, `$path`, `$endpoint`, `$status`, `$outcome` (success or error) or
 * `$argument.<name>` of the request, one of several values, or one by weight.
 */
const labelSource = z.union([z.string(), z.array(z.string()).min(1), z.record(z.string(), z.number().positive())]);

export const METRIC_UNITS = ['seconds', 'bytes', 'ratio', 'percent', 'count', 'celsius', 'usd'] as const;

/** A metric that the service exports. */
export const metric = strict({
  name: metricName,
  type: z.enum(['counter', 'gauge', 'histogram']),
  help: z.string().optional(),
  unit: z.enum(METRIC_UNITS).optional(),
  labels: z.record(labelName, labelSource).optional(),
  buckets: z.array(z.number()).min(1).optional(),
  sim: metricSim
    .optional()
    .meta({ description: 'How the simulated fleet moves it. Without it the metric stays at its start value.' }),
});
