import { IDENTITY_LABELS, selector } from '../promql/text.ts';
import { type ConditionExpression, ownMatchers } from './condition.ts';

/** The service answers Prometheus but no longer exports what is to be watched. Of a service that is down another alert tells. */
export const metricMissing: ConditionExpression<'metric-missing'> = (condition, context) => {
  const own = ownMatchers(context);
  const metric = selector(condition.metric, [...own, condition.where]);
  return `${selector('up', own)} == 1\nunless on (${IDENTITY_LABELS.join(', ')})\n${metric}`;
};
