import { IDENTITY_LABELS, selector } from '../promql/text.ts';
import { type ConditionContext, type ConditionExpression, conditionServices, ownMatchers } from './condition.ts';

/** The service answers Prometheus but no longer exports what is to be watched. Of a service that is down another alert tells. */
export const metricMissing: ConditionExpression<'metric-missing'> = (condition, context) => {
  const own = ownMatchers(context);
  const metric = selector(seriesName(condition.metric, context), [...own, condition.where]);
  return `${selector('up', own)} == 1\nunless on (${IDENTITY_LABELS.join(', ')})\n${metric}`;
};

/** A histogram has no series of its own name. */
function seriesName(name: string, { system, alert }: ConditionContext): string {
  const metrics = conditionServices(system, alert).flatMap((service) => service.metrics);
  return metrics.find((metric) => metric.name === name)?.type === 'histogram' ? `${name}_count` : name;
}
