import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { IDENTITY_LABELS, selector, sumBy } from '../promql/text.ts';
import { type ConditionExpression, ownMatchers } from './condition.ts';

/**
 * Any error in the window. `increase()` sees nothing of a counter that is born with its first error, so a series that was not there one
 * window ago counts with its whole value, as long as its service was watched then: else each start of Prometheus would report
 * the errors of last week.
 */
export const errorsSeen: ConditionExpression<'errors-seen'> = (condition, context) => {
  const window = formatPrometheusDuration(condition.windowMs);
  const own = ownMatchers(context);
  const errors = selector(condition.metric, [...own, condition.where]);
  const up = selector('up', own);
  const born = `${errors} unless ${errors} offset ${window} and on (${IDENTITY_LABELS.join(', ')}) ${up} offset ${window}`;
  return [`${sumBy(condition.by, `increase(${errors}[${window}])`)} > 0`, `${sumBy(condition.by, born)} > 0`].join(
    '\nor\n',
  );
};
