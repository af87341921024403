import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Metric } from '../../../thresholds/model.ts';

export type Labels = Record<string, string>;

/** One series: what one more measurement does to it. */
export interface Series {
  /** Counter: adds. Gauge: adds. Histogram: observes. */
  add(value: number): void;
  /** Gauge: stands at. Counter and histogram: as `add`. */
  set(value: number): void;
}

/** All series of one metric name. */
export interface Instrument {
  readonly name: string;
  readonly type: Metric['type'];
  /** The series with these labels; it is exported from then on, at zero. */
  series(labels: Labels): Series;
}

/** Bounds by unit where the catalogue names none: they span what such a quantity usually is. */
const BUCKETS: Readonly<Record<string, readonly number[]>> = {
  seconds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
  ratio: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1],
  percent: [10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 100],
  bytes: [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9],
  count: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000],
};

/**
 * Registers a metric. Several catalogue entries may share a name, each with fixed labels of its own (a mode of a processor):
 * they make one metric with the union of their labels.
 * @throws Error when they differ in type.
 */
export function createInstrument(entries: readonly [Metric, ...Metric[]], registry: Registry): Instrument {
  const [{ name, type }] = entries;
  const odd = entries.find((entry) => entry.type !== type);
  if (odd !== undefined) throw new Error(`metric ${name} is a ${type} and a ${odd.type}: one name has one type`);
  const help = entries.find((entry) => entry.help !== '')?.help || name;
  const labelNames = [...new Set(entries.flatMap((entry) => Object.keys(entry.labels)))];
  const options = { name, help, labelNames, registers: [registry] };
  const known = new Map<string, Series>();
  const create = creator(entries[0], options);
  return {
    name,
    type,
    series(labels) {
      const key = JSON.stringify(labels);
      const series = known.get(key) ?? create(labels);
      known.set(key, series);
      return series;
    },
  };
}

type Options = { name: string; help: string; labelNames: string[]; registers: Registry[] };

/** prom-client's own children: they keep the label object, so that nothing is allocated for a measurement. */
function creator(metric: Metric, options: Options): (labels: Labels) => Series {
  if (metric.type === 'counter') {
    const counter = new Counter(options);
    return (labels) => {
      const child = counter.labels(labels);
      child.inc(0);
      return { add: (value) => child.inc(value), set: (value) => child.inc(value) };
    };
  }
  if (metric.type === 'gauge') {
    const gauge = new Gauge(options);
    return (labels) => {
      const child = gauge.labels(labels);
      child.set(0);
      return { add: (value) => child.inc(value), set: (value) => child.set(value) };
    };
  }
  const buckets = metric.buckets ?? BUCKETS[metric.unit ?? 'seconds'] ?? BUCKETS.seconds ?? [];
  const histogram = new Histogram({ ...options, buckets: [...buckets].sort((a, b) => a - b) });
  return (labels) => {
    histogram.zero(labels);
    const child = histogram.labels(labels);
    return { add: (value) => child.observe(value), set: (value) => child.observe(value) };
  };
}
