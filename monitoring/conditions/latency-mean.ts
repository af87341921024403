import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { selector, sumBy } from '../promql/text.ts';
import { type ConditionExpression, overDurations } from './condition.ts';

/** The mean of the last minutes is above its limit. Without traffic there is none. */
export const latencyMean: ConditionExpression<'latency-mean'> = (condition, context) => {
  const window = formatPrometheusDuration(condition.windowMs);
  return overDurations(context, condition.metric, (metric, matchers) => {
    const all = [...matchers, condition.where];
    const sum = sumBy([], `rate(${selector(`${metric}_sum`, all)}[${window}])`);
    const count = sumBy([], `rate(${selector(`${metric}_count`, all)}[${window}])`);
    return `${sum}\n/\n(${count} > 0)\n> ${condition.aboveMs / 1_000}`;
  });
};
