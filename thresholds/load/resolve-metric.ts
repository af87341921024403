import type { z } from 'zod';
import type { metric } from '../document/metric.ts';
import type { Distribution, Interval, Metric, MetricSim } from '../model.ts';
import { parseDurationMs } from '../units.ts';

type MetricDocument = z.infer<typeof metric>;
type Draw = { median: string; p95: string } | { median: number; p95: number };

/** A metric with its defaults; distributions given as durations become seconds. */
export function resolveMetric(document: MetricDocument): Metric {
  return {
    name: document.name,
    type: document.type,
    help: document.help ?? document.name.replaceAll('_', ' '),
    unit: document.unit ?? null,
    labels: document.labels ?? {},
    buckets: document.buckets ?? null,
    sim: document.sim === undefined ? null : resolveMetricSim(document.sim),
  };
}

function resolveMetricSim(sim: NonNullable<MetricDocument['sim']>): MetricSim {
  if ('on' in sim) {
    return {
      kind: 'requests',
      on: sim.on,
      observe: typeof sim.observe === 'string' ? sim.observe : distribution(sim.observe),
      draw: sim.draw ?? null,
      share: sim.share ?? [0, 1],
      warmTo: sim.warmTo ?? null,
      faults: Object.fromEntries(
        Object.entries(sim.faults ?? {}).map(([fault, change]): [string, Interval | Distribution] => [
          fault,
          Array.isArray(change) ? change : distribution(change as Draw),
        ]),
      ),
    };
  }
  if ('perSecond' in sim) {
    return {
      kind: 'ticking',
      perSecond: sim.perSecond,
      start: sim.start ?? 0,
      observe: sim.observe ?? null,
      faults: sim.faults ?? {},
    };
  }
  return { kind: 'level', value: sim.value, jitter: sim.jitter ?? 0, faults: sim.faults ?? {} };
}

function distribution(draw: Draw): Distribution {
  const seconds = (value: string | number) => (typeof value === 'string' ? parseDurationMs(value) / 1_000 : value);
  return { median: seconds(draw.median), p95: seconds(draw.p95) };
}
