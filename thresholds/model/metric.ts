import type { Distribution } from './endpoint.ts';

export interface Metric {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  unit: string | null;
  labels: Record<string, LabelSource>;
  buckets: number[] | null;
  sim: MetricSim | null;
}

/** A fixed text (or `$method`, `$endpoint`, ...), one of several values, or one by weight. */
export type LabelSource = string | string[] | Record<string, number>;

export type Interval = [from: number, to: number];

/**
 * How the fleet moves a metric. Distributions here are in the metric's own unit (a duration in seconds). `faults` replaces the
 * named part while that fault is on: the share interval or the distribution for `requests`, the value for `level`, the rate
 * for `ticking`.
 */
export type MetricSim =
  | {
      kind: 'requests';
      on: 'requests' | string[];
      observe: 'duration' | 'one' | Distribution;
      draw: string | null;
      share: Interval;
      warmTo: { share: Interval; requests: number } | null;
      faults: Record<string, Interval | Distribution>;
    }
  | {
      kind: 'level';
      value: number | 'inFlight' | 'startTime' | 'now';
      jitter: number;
      faults: Record<string, number>;
    }
  | {
      kind: 'ticking';
      perSecond: number;
      start: number;
      observe: Distribution | null;
      faults: Record<string, number>;
    };
