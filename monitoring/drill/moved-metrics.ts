import type { Fault, FaultKind } from '../../thresholds/faults.ts';
import type { Metric, Service } from '../../thresholds/model.ts';

/** Faults that are seen in the metrics that declare them, and nowhere else, as long as the service answers no queries itself. */
const IN_METRICS_ALONE: ReadonlySet<FaultKind> = new Set([
  'cold-cache',
  'slow-queries',
  'exhausted-pool',
  'cpu',
  'memory',
  'disk',
  'drift',
  'accuracy',
]);

/**
 * The metrics of a simulated service that a fault moves; null where it may be any of them, because the service then answers
 * differently or not at all.
 */
export function movedMetrics(service: Service, fault: Fault): ReadonlySet<string> | null {
  const { kind, metrics: hidden } = fault;
  const names = (moves: (metric: Metric) => boolean) => new Set(service.metrics.filter(moves).map(({ name }) => name));
  if (kind === 'vanished-metrics') return hidden === undefined ? null : new Set(hidden);
  if (IN_METRICS_ALONE.has(kind)) {
    return service.kind === 'datastore' ? null : names(({ sim }) => sim?.faults[kind] !== undefined);
  }
  // An exporter that is slow is one that is not scraped in time.
  const isAsked = service.kind !== 'datastore' && service.kind !== 'exporter';
  if (kind === 'slow' && isAsked) return names(({ sim }) => sim?.faults.slow !== undefined || measuresTime(sim));
  return null;
}

function measuresTime(sim: Metric['sim']): boolean {
  if (sim?.kind === 'requests') return sim.observe === 'duration';
  return sim?.kind === 'level' && sim.value === 'inFlight';
}
