import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { DerivationError } from '../derivation-error.ts';
import { selector, sumBy } from '../promql/text.ts';
import { type ConditionExpression, overMetrics } from './condition.ts';

/**
 * A percentile of the last minutes is above its limit. By `rate()`, else it would be the lifetime of the process, and by `le`, else
 * buckets of different requests would mix. Without traffic the percentile is NaN, which is above nothing.
 */
export const latencyQuantile: ConditionExpression<'latency-quantile'> = (condition, context) => {
  const window = formatPrometheusDuration(condition.windowMs);
  const expr = overMetrics(
    context,
    (service) => condition.metric ?? service.signals.duration?.metric,
    (metric, matchers) => {
      const buckets = selector(`${metric}_bucket`, [...matchers, condition.where]);
      const rates = sumBy(['le'], `rate(${buckets}[${window}])`);
      return `histogram_quantile(${condition.quantile}, ${rates}) > ${condition.aboveMs / 1_000}`;
    },
  );
  if (expr !== undefined) return expr;
  throw new DerivationError(
    context.alert.place,
    `${context.alert.name} watches latency, but no service that it watches names signals.duration.metric; name it, or condition.metric`,
  );
};
