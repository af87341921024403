import type { FaultKind } from '../../../thresholds/faults.ts';
import type { Distribution, Interval, Metric, MetricSim } from '../../../thresholds/model.ts';
import { lognormal, type Random } from '../random.ts';
import type { Instrument, Series } from './instruments.ts';
import { compileLabel, type Event, type LabelValue } from './labels.ts';

export type RequestSim = Extract<MetricSim, { kind: 'requests' }>;

/** Moves a metric for each request that was handled. */
export interface RequestMover {
  /** @param position The random number, 0 to 1, of this request; shared by all metrics of one draw. */
  move(event: Event, position: number): void;
  /** Exports the series that such an event would move, without moving it: the first event is then seen by `rate()`. */
  announce(event: Event): void;
  setFaults(kinds: readonly FaultKind[]): void;
}

interface Deviation {
  share: Interval | null;
  value: (() => number) | null;
}

const USUAL: Deviation = { share: null, value: null };

/** How a metric of kind `requests` moves. */
export function requestMover(metric: Metric, sim: RequestSim, instrument: Instrument, random: Random): RequestMover {
  const labels = Object.entries(metric.labels).map(([name, source]) => ({ name, value: compileLabel(source) }));
  const choices = Object.values(metric.labels).map(choicesOf);
  const deviations = new Map(
    Object.entries(sim.faults).map(([kind, change]) => [kind as FaultKind, deviation(change, random)]),
  );
  const drawn = typeof sim.observe === 'object' ? lognormal(sim.observe, random) : null;
  const replaces = metric.type === 'gauge' && sim.observe !== 'one';
  const bySeries = new Map<string, Series>();
  let current = USUAL;
  let seen = 0;

  function seriesFor(event: Event, position: number): Series {
    let key = '';
    const values = labels.map(({ value }, index) => value(event, scramble(position, index)));
    for (const value of values) key += `${value}\u0000`;
    let series = bySeries.get(key);
    if (series === undefined) {
      series = instrument.series(Object.fromEntries(labels.map(({ name }, index) => [name, values[index] ?? ''])));
      bySeries.set(key, series);
    }
    return series;
  }

  function interval(): Interval {
    if (current.share !== null) return current.share;
    if (sim.warmTo === null) return sim.share;
    const warmth = Math.min(1, seen / sim.warmTo.requests);
    const at = (end: 0 | 1) => sim.share[end] + (sim.warmTo ? warmth * (sim.warmTo.share[end] - sim.share[end]) : 0);
    return [at(0), at(1)];
  }

  return {
    move(event, position) {
      const [from, to] = interval();
      seen += 1;
      if (position < from || position >= to) return;
      const series = seriesFor(event, (position - from) / (to - from));
      const draw = current.value ?? drawn;
      const value = draw !== null ? draw() : sim.observe === 'one' ? 1 : event.durationSeconds;
      if (replaces) series.set(value);
      else series.add(value);
    },
    announce(event) {
      const variants = choices.reduce((product, count) => product * count, 1);
      if (variants > MAX_ANNOUNCED) return;
      for (const labelSet of everyLabelSet(labels, metric, event)) instrument.series(labelSet);
    },
    setFaults(kinds) {
      current = deviations.get(kinds.findLast((kind) => deviations.has(kind)) ?? 'down') ?? USUAL;
    },
  };
}

/** More than this many series for one event are not exported before they move: a page of zeros helps nobody. */
const MAX_ANNOUNCED = 500;

function choicesOf(source: Metric['labels'][string]): number {
  return typeof source === 'string' ? 1 : Array.isArray(source) ? source.length : Object.keys(source).length;
}

function everyLabelSet(labels: { name: string; value: LabelValue }[], metric: Metric, event: Event) {
  let sets: Record<string, string>[] = [{}];
  for (const { name, value } of labels) {
    const source = metric.labels[name] ?? '';
    const values =
      typeof source === 'string' ? [value(event, 0)] : Array.isArray(source) ? source : Object.keys(source);
    sets = sets.flatMap((set) => values.map((item) => ({ ...set, [name]: item })));
  }
  return sets;
}

/** One random number serves several labels: each further label looks at other digits of it. */
function scramble(position: number, index: number): number {
  return index === 0 ? position : (position * 7919 ** index) % 1;
}

function deviation(change: Interval | Distribution, random: Random): Deviation {
  return Array.isArray(change) ? { share: change, value: null } : { share: null, value: lognormal(change, random) };
}
