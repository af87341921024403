import type { Endpoint, Service, System } from '../../../thresholds/model.ts';
import { formatDuration, formatShare } from '../../../thresholds/units.ts';
import { roundShare } from '../../dashboards/limits.ts';
import { bucketMatcher, escapeRegExp, quote, selector, sumBy } from '../../promql/text.ts';
import { type Promised, servicesMatchers, type Unwatched } from './promise.ts';

/** One limit of some endpoints of a service: `p95 under 500 ms`. */
interface Limit {
  name: string;
  quantile: number;
  limitMs: number;
  endpoints: Endpoint[];
}

/** The limits of one service, told apart by matchers where its endpoints promise different ones. */
interface Watched {
  service: Service;
  metric: string;
  limit: Limit;
  /** Matchers of the endpoints; none where all promise the same. */
  where: string[];
}

/**
 * The promises of latency of a system, as shares of answers above their limit: "p95 under 500 ms" allows 5 % above 500 ms. Only where a
 * bucket ends at the limit, since the share between two bounds would be a guess.
 */
export function latencyPromises(system: System): { promised: Promised[]; unwatched: Unwatched[] } {
  const groups = new Map<string, Watched[]>();
  const unwatched: Unwatched[] = [];
  for (const service of system.services) {
    const limits = limitsOf(service);
    for (const limit of limits) {
      const where = whereOf(service, limit, limits);
      const reason = whyNot(service, limit, where);
      const metric = service.signals.duration?.metric;
      if (reason !== null || metric === undefined || where === null) {
        unwatched.push({ target: service.target, promise: text(limit), reason: reason ?? '' });
        continue;
      }
      const key = JSON.stringify([metric, limit.quantile, limit.limitMs, where]);
      groups.set(key, [...(groups.get(key) ?? []), { service, metric, limit, where }]);
    }
  }
  return { promised: [...groups.values()].flatMap((group) => promised(system, group)), unwatched };
}

function text({ name, limitMs }: Limit): string {
  return `${name} under ${formatDuration(limitMs)}`;
}

function limitsOf(service: Service): Limit[] {
  const limits = new Map<string, Limit>();
  const endpoints: readonly Endpoint[] = 'endpoints' in service ? service.endpoints : [];
  for (const endpoint of endpoints) {
    for (const { name, quantile, limitMs } of endpoint.objectives.latency) {
      const key = `${name} ${limitMs}`;
      const limit = limits.get(key) ?? { name, quantile, limitMs, endpoints: [] };
      limit.endpoints.push(endpoint);
      limits.set(key, limit);
    }
  }
  return [...limits.values()];
}

/**
 * Matchers that tell the endpoints of a limit from the others of the service. Where its metric does not know them, the loosest limit holds
 * for all of its requests; null for the others.
 */
function whereOf(service: Service, limit: Limit, limits: readonly Limit[]): string[] | null {
  if (limits.every(({ name, limitMs }) => name !== limit.name || limitMs === limit.limitMs)) return [];
  const metric = service.metrics.find(({ name }) => name === service.signals.duration?.metric);
  const label = Object.entries(metric?.labels ?? {}).find(([, source]) => source === '$path')?.[0];
  if (label === undefined) return loosest(limit, limits) ? [] : null;
  const paths = (some: readonly Endpoint[]) =>
    some.flatMap((one) => (one.kind === 'http' ? [one.path.split('?')[0] ?? ''] : []));
  const own = [...new Set(paths(limit.endpoints))];
  const others = paths(
    limits.filter((other) => other !== limit && other.name === limit.name).flatMap((one) => one.endpoints),
  );
  if (own.length === 0 || own.some((path) => others.includes(path))) return null;
  return [`${label}=~${quote(own.map(escapeRegExp).join('|'))}`];
}

function loosest(limit: Limit, limits: readonly Limit[]): boolean {
  return limits.every(({ name, limitMs }) => name !== limit.name || limitMs <= limit.limitMs);
}

function whyNot({ signals, metrics, scrape }: Service, { limitMs }: Limit, where: string[] | null): string | null {
  const name = signals.duration?.metric;
  if (name === undefined || scrape === null)
    return 'the service exports no histogram of its answers; k6 judges it in each load run';
  const metric = metrics.find((one) => one.name === name);
  if (metric?.buckets?.includes(limitMs / 1_000) !== true) {
    return `no bucket of ${name} ends at ${limitMs / 1_000}; add it to its buckets`;
  }
  if (where === null) return `its endpoints promise different limits, and ${name} has no label for the path`;
  return null;
}

function promised(system: System, group: readonly Watched[]): Promised[] {
  const [first] = group;
  if (first === undefined) return [];
  const { metric, limit, where } = first;
  const services = group.map(({ service }) => service.id);
  const own = [...servicesMatchers(system, services), ...where];
  const within = [...own, bucketMatcher(limit.limitMs / 1_000)];
  const all: Promised['all'] = (of, window) => sumBy([], `${of}(${selector(`${metric}_count`, own)}[${window}])`);
  return [
    {
      kind: 'latency',
      services,
      allowed: roundShare(1 - limit.quantile),
      promise: `${formatShare(limit.quantile)} ${text(limit).replace(/^\S+ /, '')}`,
      all,
      failed: (of, window) =>
        `(${all(of, window)} - ${sumBy([], `${of}(${selector(`${metric}_bucket`, within)}[${window}])`)})`,
    },
  ];
}
