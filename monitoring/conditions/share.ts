import type { Counted } from '../../thresholds/model.ts';
import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { selector, sumBy } from '../promql/text.ts';
import { breaches, type ConditionExpression, enough, ownMatchers } from './condition.ts';

/** The share of some events among all, over the last minutes and not over the lifetime of the process. Without events there is none. */
export const share: ConditionExpression<'share'> = (condition, context) => {
  const window = formatPrometheusDuration(condition.windowMs);
  const count = ({ metric, where }: Counted) =>
    sumBy(condition.by, `increase(${selector(metric, [...ownMatchers(context), where])}[${window}])`);
  const whole = condition.of.map(count).join(' + ');
  const all = condition.of.length === 1 ? whole : `(${whole})`;
  return `${count(condition.part)}\n/\n(${all} ${enough(condition)})\n${breaches(condition)}`;
};
