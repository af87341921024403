import type { FaultKind } from '../../../thresholds/faults.ts';
import type { Metric, MetricSim } from '../../../thresholds/model.ts';
import { lognormal, type Random } from '../random.ts';
import type { Instrument, Labels, Series } from './instruments.ts';
import { spread } from './labels.ts';

/** A metric that does not wait for requests. */
export interface StandingMetric {
  /** Brings it up to now; called before a scrape and before a fault changes. */
  update(nowMs: number): void;
  setFaults(kinds: readonly FaultKind[]): void;
}

export interface Surroundings {
  random: Random;
  startedAtMs: number;
  inFlight: () => number;
}

type LevelSim = Extract<MetricSim, { kind: 'level' }>;
type TickingSim = Extract<MetricSim, { kind: 'ticking' }>;

/** A busy ticking histogram gets at most this many observations a scrape: enough for a stable quantile. */
const MAX_OBSERVATIONS = 10_000;

/**
 * A metric that stands at a value. Jitter is in the metric's own unit and is left out while a fault sets the value, so that a
 * faulty level does not wander across a limit.
 */
export function level(metric: Metric, sim: LevelSim, instrument: Instrument, around: Surroundings): StandingMetric {
  const all = everySeries(metric, instrument);
  let kind: FaultKind | undefined;
  let stood = false;

  function value(nowMs: number): number {
    const faulty = kind === undefined ? undefined : sim.faults[kind];
    if (faulty !== undefined) return faulty;
    if (sim.value === 'inFlight') return around.inFlight();
    if (sim.value === 'startTime') return around.startedAtMs / 1_000;
    if (sim.value === 'now') return nowMs / 1_000;
    const wander = (2 * around.random() - 1) * sim.jitter;
    return sim.value >= 0 ? Math.max(0, sim.value + wander) : sim.value + wander;
  }

  return {
    update(nowMs) {
      // A counter cannot be set: it stands where it started.
      if (metric.type !== 'gauge' && stood) return;
      stood = true;
      for (const { series } of all) series.set(value(nowMs));
    },
    setFaults(kinds) {
      kind = latest(kinds, sim.faults);
    },
  };
}

/** A metric that moves by itself. The rate is that of all its series together; they share it by the weights of their labels. */
export function ticking(metric: Metric, sim: TickingSim, instrument: Instrument, around: Surroundings): StandingMetric {
  const all = everySeries(metric, instrument).map((one) => ({ ...one, owed: 0, at: sim.start * one.share }));
  const draw = sim.observe === null ? null : lognormal(sim.observe, around.random);
  let perSecond = sim.perSecond;
  let lastMs = around.startedAtMs;
  if (draw === null) for (const { series, at } of all) series.set(at);

  return {
    update(nowMs) {
      const seconds = Math.max(0, nowMs - lastMs) / 1_000;
      lastMs = nowMs;
      for (const one of all) {
        const amount = perSecond * one.share * seconds;
        if (draw !== null) {
          one.owed = Math.min(one.owed + amount, MAX_OBSERVATIONS);
          for (; one.owed >= 1; one.owed -= 1) one.series.add(draw());
        } else if (metric.type === 'gauge') {
          one.at += amount;
          one.series.set(one.at);
        } else {
          one.series.add(amount);
        }
      }
    },
    setFaults(kinds) {
      const kind = latest(kinds, sim.faults);
      perSecond = (kind === undefined ? undefined : sim.faults[kind]) ?? sim.perSecond;
    },
  };
}

/** A metric that the catalogue declares without saying how it moves: exported at its start value. */
export function announceAll(metric: Metric, instrument: Instrument): void {
  everySeries(metric, instrument);
}

function everySeries(metric: Metric, instrument: Instrument): { series: Series; share: number }[] {
  let sets: { labels: Labels; share: number }[] = [{ labels: {}, share: 1 }];
  for (const [name, source] of Object.entries(metric.labels)) {
    sets = sets.flatMap((set) =>
      spread(source).map(({ value, share }) => ({
        labels: { ...set.labels, [name]: value },
        share: set.share * share,
      })),
    );
  }
  return sets.map(({ labels, share }) => ({ series: instrument.series(labels), share }));
}

function latest(kinds: readonly FaultKind[], faults: Readonly<Record<string, number>>): FaultKind | undefined {
  return kinds.findLast((kind) => faults[kind] !== undefined);
}
