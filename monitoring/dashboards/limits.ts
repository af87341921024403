import type { Condition, Endpoint, Limit, Service, System } from '../../thresholds/model.ts';
import type { Limits } from './spec.ts';

/** The limit of a PromQL objective of a service, or null where the catalogue names no such objective. */
export function objectiveLimit(system: System, objective: string): Limits | null {
  const found = system.services.flatMap(({ promql }) => promql).find((one) => one.objective === objective);
  if (found === undefined) return null;
  return { breach: found.direction === 'below' ? 'above' : 'below', critical: found.limit };
}

/** The limits at which alerts of these names fire, in the unit of the condition; null where none of them has one. */
export function alertLimits(system: System, names: { warning?: string; critical?: string }): Limits | null {
  const of = (name: string | undefined) => {
    const condition = system.alerts.find((alert) => alert.name === name)?.condition;
    return condition === undefined ? null : conditionLimit(condition);
  };
  const [warning, critical] = [of(names.warning), of(names.critical)];
  const breach = (critical ?? warning)?.breach;
  if (breach === undefined) return null;
  return {
    breach,
    ...(warning === null ? {} : { warning: warning.limit }),
    ...(critical === null ? {} : { critical: critical.limit }),
  };
}

/** Where a condition begins to hold; null for one that knows only yes and no. */
function conditionLimit(condition: Condition): Limit | null {
  switch (condition.kind) {
    case 'error-share':
    case 'utilisation':
      return { breach: 'above', limit: condition.above };
    case 'latency-quantile':
    case 'latency-mean':
    case 'latency-exceeded':
      return { breach: 'above', limit: condition.aboveMs / 1_000 };
    case 'threshold':
    case 'share':
    case 'forecast':
      return { breach: condition.breach, limit: condition.limit };
    case 'target-down':
    case 'errors-seen':
    case 'metric-missing':
      return null;
  }
}

/** The strictest limit in seconds that endpoints of these services promise for a percentile (`p95`); null where none promises it. */
export function latencyLimit(services: readonly Service[], name: string): Limits | null {
  const limits = endpoints(services).flatMap(({ objectives }) =>
    objectives.latency.filter((latency) => latency.name === name).map(({ limitMs }) => limitMs / 1_000),
  );
  return limits.length === 0 ? null : { breach: 'above', critical: Math.min(...limits) };
}

/** Limit and share of a percentile that these services promise: p95 under 500 ms is 0.5 s and 0.95. Null where none promises it. */
export function latencyPromise(services: readonly Service[], name: string): { seconds: number; share: number } | null {
  const seconds = latencyLimit(services, name)?.critical;
  const share = endpoints(services)
    .flatMap(({ objectives }) => objectives.latency)
    .find((latency) => latency.name === name)?.quantile;
  return seconds === undefined || share === undefined ? null : { seconds, share };
}

/** The greatest share of failures, 0 to 1, that the strictest of these services still allows; null where none promises success. */
export function errorLimit(services: readonly Service[]): Limits | null {
  const success = endpoints(services).map(({ objectives }) => objectives.success);
  return success.length === 0 ? null : { breach: 'above', critical: roundShare(1 - Math.min(...success)) };
}

/** The least share of good answers, 0 to 1, that these services promise. */
export function successLimit(services: readonly Service[]): Limits | null {
  const limit = errorLimit(services);
  return limit?.critical === undefined ? null : { breach: 'below', critical: roundShare(1 - limit.critical) };
}

/** 1 - 0.99 as people write it. */
export function roundShare(share: number): number {
  return Number(share.toPrecision(10));
}

function endpoints(services: readonly Service[]): Endpoint[] {
  return services.flatMap<Endpoint>((service) => ('endpoints' in service ? service.endpoints : []));
}
