import { CARD } from '../../../thresholds/card.ts';
import type { Service, System } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import { formatShare, parseShare } from '../../../thresholds/units.ts';
import { errorLimit, roundShare } from '../../dashboards/limits.ts';
import { selector, sumBy } from '../../promql/text.ts';
import { type Promised, servicesMatchers, type Unwatched } from './promise.ts';

/**
 * The promises of success of a system: over the requests that a service counts itself, else over the looks of the prober at it. A
 * service's counter mixes its endpoints, so its budget is that of the endpoint with the loosest promise, as on its dashboards: a
 * stricter one would be broken by requests that were never promised that much.
 */
export function successPromises(system: System): { promised: Promised[]; unwatched: Unwatched[] } {
  const groups = new Map<string, { services: Service[]; allowed: number }>();
  const unwatched: Unwatched[] = [];
  for (const service of system.services) {
    const allowed = allowedFailures(service);
    if (allowed === 0) {
      unwatched.push({
        target: service.target,
        promise: 'success 100 %',
        reason: 'a budget of no failures is spent by the first one; name an alert on errors-seen for it',
      });
      continue;
    }
    const key = JSON.stringify([countedRequests(service), allowed]);
    const group = groups.get(key) ?? { services: [], allowed };
    group.services.push(service);
    groups.set(key, group);
  }
  return {
    promised: [...groups.values()].map(({ services, allowed }) => promised(system, services, allowed)),
    unwatched,
  };
}

/** Services without endpoints promise what the card says, of the looks at them. */
function allowedFailures(service: Service): number {
  return errorLimit([service])?.critical ?? roundShare(1 - parseShare(CARD.objectives.success));
}

/** How Prometheus sees the requests of a service; null where it does not. */
function countedRequests({ scrape, signals }: Service): Service['signals']['requests'] {
  return scrape === null ? null : signals.requests;
}

function promised(system: System, services: readonly Service[], allowed: number): Promised {
  const names = services.map(({ id }) => id);
  const own = servicesMatchers(system, names);
  const [first] = services;
  const requests = first === undefined ? null : countedRequests(first);
  const promise = `success ${formatShare(roundShare(1 - allowed))}`;
  const common = { kind: 'error' as const, services: names, allowed, promise };
  if (requests === null) {
    const [good, judged] = [`${PROBE_METRIC.allSuccess}_sum`, `${PROBE_METRIC.allSuccess}_count`];
    const sum = (of: string, metric: string, window: string) => sumBy([], `${of}(${selector(metric, own)}[${window}])`);
    return {
      ...common,
      promise: `${promise} of the probes`,
      failed: (of, window) => `(${sum(of, judged, window)} - ${sum(of, good, window)})`,
      all: (of, window) => sum(of, judged, window),
    };
  }
  const { metric, errors } = requests;
  return {
    ...common,
    failed: (of, window) => sumBy([], `${of}(${selector(metric, [...own, errors])}[${window}])`),
    all: (of, window) => sumBy([], `${of}(${selector(metric, own)}[${window}])`),
  };
}
