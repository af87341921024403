import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { bucketMatcher, selector, sumBy } from '../promql/text.ts';
import { type ConditionExpression, ownMatchers } from './condition.ts';

/** Two sums of the same counts may differ in their last binary digit: half a request is none. */
const HALF = 0.5;

/** Something took longer than it ever may: the requests of the window that the bucket at the limit does not hold. */
export const latencyExceeded: ConditionExpression<'latency-exceeded'> = (condition, context) => {
  const window = formatPrometheusDuration(condition.windowMs);
  const all = [...ownMatchers(context), condition.where];
  const within = selector(`${condition.metric}_bucket`, [...all, bucketMatcher(condition.aboveMs / 1_000)]);
  const count = sumBy(condition.by, `increase(${selector(`${condition.metric}_count`, all)}[${window}])`);
  return `${count}\n-\n${sumBy(condition.by, `increase(${within}[${window}])`)}\n> ${HALF}`;
};
