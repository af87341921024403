import { z } from 'zod';
import { duration, labelName, metricName, percent, strict } from './common.ts';
import { METRIC_UNITS } from './metric.ts';

const matchers = z
  .string()
  .meta({ description: 'Further label matchers, comma-separated: endpoint!="/api/recommendations"' });

const by = z.array(labelName).optional().meta({
  description: 'Labels that the alert keeps beside system, service and environment: one alert for each value.',
});

const minEvents = z
  .int()
  .positive()
  .optional()
  .meta({ description: 'With fewer events in the window nothing is said: one failure at night is no share.' });

/** Events that are counted: a counter, or a part of it. */
const counted = strict({ metric: metricName, where: matchers.optional() });

/** Something that fills up: what is used of it, or what is free, and its size. */
const resource = strict({
  used: metricName.optional(),
  free: metricName.optional(),
  size: z.union([metricName, z.number().positive()]).meta({ description: 'A metric, or a number that never changes.' }),
  where: matchers.optional(),
  by,
});

/** What makes an alert fire. Each kind has one file in monitoring/conditions. */
export const condition = z.discriminatedUnion('kind', [
  strict({ kind: z.literal('target-down') }),
  strict({
    kind: z.literal('latency-quantile'),
    quantile: percent.optional(),
    above: duration,
    window: duration.optional(),
    metric: metricName.optional(),
    where: matchers.optional(),
  }),
  strict({
    kind: z.literal('latency-mean'),
    above: duration,
    window: duration.optional(),
    metric: metricName.optional(),
    where: matchers.optional(),
  }),
  strict({
    kind: z.literal('latency-exceeded'),
    above: duration.meta({ description: 'Nothing may take longer. A bucket of the histogram must end there.' }),
    window: duration.optional(),
    metric: metricName,
    where: matchers.optional(),
    by,
  }),
  strict({
    kind: z.literal('error-share'),
    above: percent,
    window: duration.optional(),
    where: matchers.optional(),
    minEvents,
  }),
  strict({
    kind: z.literal('errors-seen'),
    metric: metricName,
    where: matchers,
    by: z.array(z.string()).min(1),
    window: duration.optional(),
  }),
  strict({
    kind: z.literal('threshold'),
    metric: metricName.optional(),
    where: matchers.optional(),
    by,
    expr: z
      .string()
      .optional()
      .meta({ description: 'PromQL instead of a metric, with $matchers and $window. It keeps the identity labels.' }),
    above: z.number().optional(),
    below: z.number().optional(),
    unit: z
      .enum([...METRIC_UNITS, 'none'])
      .meta({ description: 'Unit of the limit; that of the metric, so that 95 never stands for 0.95.' }),
    window: duration.optional().meta({ description: 'The mean over this time. Without it: as it stands.' }),
  }),
  strict({
    kind: z.literal('share'),
    part: counted,
    of: z.array(counted).min(1).meta({ description: 'What adds up to the whole.' }),
    above: percent.optional(),
    below: percent.optional(),
    window: duration.optional(),
    by,
    minEvents,
  }),
  strict({
    kind: z.literal('utilisation'),
    of: z.array(resource).min(1),
    above: percent,
  }),
  strict({
    kind: z.literal('forecast'),
    metric: metricName,
    size: metricName.optional().meta({ description: 'Limits are shares of this metric.' }),
    where: matchers.optional(),
    by,
    above: z.number().optional(),
    below: z.number().optional(),
    within: duration,
    window: duration.optional().meta({ description: 'The past from which the line is drawn. Default 6h.' }),
    from: z.number().meta({ description: 'Silent until this level is passed: far from the limit a line is noise.' }),
  }),
  strict({ kind: z.literal('metric-missing'), metric: metricName, where: matchers.optional() }),
]);
