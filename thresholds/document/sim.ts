import { z } from 'zod';
import { FAULT_KINDS } from '../faults.ts';
import { duration, strict } from './common.ts';

/** A skewed distribution, given by its median and 95th percentile (lognormal). */
export const latencySim = strict({ median: duration, p95: duration });

const numberSim = strict({ median: z.number().positive(), p95: z.number().positive() });

const interval = z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]);

const faultName = z.enum(FAULT_KINDS);

/** How the simulated fleet answers an endpoint. */
export const endpointSim = strict({
  latency: latencySim.optional(),
  body: z.unknown().optional().meta({ description: 'Body of the answer: JSON, or text if a string.' }),
  contentType: z.string().optional(),
  calls: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: 'LLM provider services of the same system, called in this order until one answers.' }),
  skipFirst: z
    .boolean()
    .optional()
    .meta({ description: 'Treat the first provider as failed: the answer must come from the fallback.' }),
});

/** A metric that moves with requests that the service really handled. */
const onRequests = strict({
  on: z
    .union([z.literal('requests'), z.array(z.string()).min(1)])
    .meta({ description: 'All requests of the service, or those of the named endpoints.' }),
  observe: z.union([z.literal('duration'), z.literal('one'), latencySim, numberSim]).meta({
    description: 'What is added or observed: the handling time in seconds, one, or a draw from a distribution.',
  }),
  draw: z
    .string()
    .optional()
    .meta({ description: 'Metrics that share a draw see the same random number for one request.' }),
  share: interval.optional().meta({ description: 'Moves only if the draw, 0 to 1, lies in this interval.' }),
  warmTo: z
    .strictObject({ share: interval, requests: z.int().positive() })
    .optional()
    .meta({ description: 'The share interval after so many requests: a cache that warms up.' }),
  faults: z.partialRecord(faultName, z.union([interval, latencySim, numberSim])).optional(),
});

/** A gauge that stands at a value, or the number of requests in flight. */
const level = strict({
  value: z.union([z.number(), z.literal('inFlight'), z.literal('startTime'), z.literal('now')]),
  jitter: z.number().nonnegative().optional(),
  faults: z.partialRecord(faultName, z.number()).optional(),
});

/** A counter (or histogram) that moves by itself, as an exporter's does. */
const ticking = strict({
  perSecond: z.number().nonnegative(),
  start: z.number().nonnegative().optional(),
  observe: numberSim.optional(),
  faults: z.partialRecord(faultName, z.number().nonnegative()).optional(),
});

/** How the fleet moves a metric. */
export const metricSim = z.union([onRequests, level, ticking]);
