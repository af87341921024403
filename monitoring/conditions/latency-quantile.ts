import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { selector, sumBy } from '../promql/text.ts';
import { type ConditionExpression, overDurations } from './condition.ts';

/**
 * A percentile of the last minutes is above its limit. By `rate()`, else it would be the lifetime of the process, and by `le`, else
 * buckets of different requests would mix. Without traffic the percentile is NaN, which is above nothing.
 */
export const latencyQuantile: ConditionExpression<'latency-quantile'> = (condition, context) => {
  const window = formatPrometheusDuration(condition.windowMs);
  return overDurations(context, condition.metric, (metric, matchers) => {
    const buckets = selector(`${metric}_bucket`, [...matchers, condition.where]);
    const rates = sumBy(['le'], `rate(${buckets}[${window}])`);
    return `histogram_quantile(${condition.quantile}, ${rates}) > ${condition.aboveMs / 1_000}`;
  });
};
