import { LABEL } from '../../thresholds/names.ts';
import { conditionServices } from '../conditions/condition.ts';
import { quote, selector } from '../promql/text.ts';
import type { DrillCase } from './case.ts';

/**
 * PromQL for the requests per second that a case's condition looks at, measured over `window` (a PromQL duration). Null for a
 * condition that counts no requests. For errors by provider: those of the provider that fails, or of the least used one.
 */
export function trafficQuery({ alert, sight, system, service, fault }: DrillCase, window: string): string | null {
  if (sight.by === 'probe') return null;
  const { condition } = sight;
  const watched = conditionServices(system, alert).find(({ id }) => id === service);
  const own = [`${LABEL.system}=${quote(system.id)}`, `${LABEL.service}=${quote(service)}`];
  const rate = (metric: string, where: string) => `rate(${selector(metric, [...own, where])}[${window}])`;
  switch (condition.kind) {
    case 'target-down':
    case 'threshold':
    case 'utilisation':
    case 'forecast':
    case 'metric-missing':
      return null;
    case 'latency-quantile':
    case 'latency-mean':
    case 'latency-exceeded':
      return `sum(${rate(`${condition.metric ?? watched?.signals.duration?.metric}_count`, condition.where)})`;
    case 'error-share':
      return `sum(${rate(`${watched?.signals.requests?.metric}`, condition.where)})`;
    case 'share':
      return condition.of.map(({ metric, where }) => `sum(${rate(metric, where)})`).join(' + ');
    case 'errors-seen': {
      const failing = condition.by.map((label) => `sum(${rate(condition.metric, `${label}=${quote(fault.service)}`)})`);
      const least = `min(sum by (${condition.by.join(', ')}) (${rate(condition.metric, '')}) > 0)`;
      return [...failing, least].join(' or ');
    }
  }
}
