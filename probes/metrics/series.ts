import type { ProbeResult } from '../result.ts';
import type { InfoDef } from './info.ts';

/** A metric: name, type and help as they stand on the page. */
export interface Family {
  name: string;
  type: 'gauge' | 'counter' | 'histogram' | 'summary';
  help: string;
}

/** One run, as the series see it. */
export interface RunSample {
  result: ProbeResult;
  /** Unix seconds at the end of the run. */
  endedAtSeconds: number;
  timeoutSeconds: number;
  /** The confirmed state with this run: 1 up, 0 down, NaN while neither is known. */
  state: number;
  /** A planned window was open when it began. */
  maintenance: boolean;
  /** For or against the promise: due at its phase (a faster look while failing would count outages more than once) and not planned. */
  counts: boolean;
}

/** One series of a target: which it is, where it starts, and how a run moves it. Shared by all targets of a layout. */
export interface SeriesDef {
  family: Family;
  suffix: '' | '_bucket' | '_sum' | '_count';
  /** Beside the labels of the target. */
  labels: Readonly<Record<string, string>>;
  /** Counters start at 0, so that the first failure is seen; a gauge has no value (NaN) before the first judged run. */
  initial: number;
  /** The value after a run. Not called for unknown runs unless `countsUnknown`. */
  update(previous: number, run: RunSample): number;
  countsUnknown: boolean;
}

/** All series of one sort of target. */
export interface Layout {
  /** Targets with the same id share the layout. */
  id: string;
  series: readonly SeriesDef[];
  infos: readonly InfoDef[];
}

/** A value of the last judged run; `read` gives undefined to keep what was known. */
export function gauge(
  family: Family,
  read: (run: RunSample) => number | undefined,
  labels: Record<string, string> = {},
): SeriesDef {
  return {
    family,
    suffix: '',
    labels,
    initial: Number.NaN,
    update: (previous, run) => read(run) ?? previous,
    countsUnknown: false,
  };
}

/** A sum over runs. */
export function counter(
  family: Family,
  add: (run: RunSample) => number,
  {
    suffix = '',
    labels = {},
    countsUnknown = false,
  }: { suffix?: SeriesDef['suffix']; labels?: Record<string, string>; countsUnknown?: boolean } = {},
): SeriesDef {
  return { family, suffix, labels, initial: 0, update: (previous, run) => previous + add(run), countsUnknown };
}
