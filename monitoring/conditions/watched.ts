import type { Alert, Condition, Service, System } from '../../thresholds/model.ts';
import { conditionServices } from './condition.ts';

/** The services that an alert can say something of: those that export what its condition looks at. */
export function watchedServices(system: System, alert: Alert): Service[] {
  const { condition } = alert;
  return conditionServices(system, alert).filter((service) => {
    if (condition.kind === 'target-down') return service.scrape !== null;
    if (condition.kind === 'error-share') return service.signals.requests !== null;
    if (condition.kind === 'threshold' && 'expr' in condition.of) return true;
    const names = metricsOf(condition);
    if (names.length === 0) return service.signals.duration !== null;
    return service.metrics.some(({ name }) => names.includes(name));
  });
}

/** Metrics that a condition names; none where each service names its own. An expression is not looked into. */
function metricsOf(condition: Condition): string[] {
  switch (condition.kind) {
    case 'threshold':
      return 'expr' in condition.of ? [] : [condition.of.metric];
    case 'utilisation':
      return condition.of.map(({ level }) => level.metric);
    case 'share':
      return [condition.part.metric];
    case 'target-down':
    case 'error-share':
      return [];
    default:
      return condition.metric === null ? [] : [condition.metric];
  }
}
