import type { ProbeTarget } from '../target.ts';
import { forgetInfo, type InfoDef, type InfoSlot, infoSlots, recordInfo } from './info.ts';
import { headScope, type LabelledTarget } from './labels.ts';
import { layoutCache } from './layouts.ts';
import type { Layout, RunSample, SeriesDef } from './series.ts';

/** Numbers with the labels that they stand under: one flat array beside a layout that many targets share. NaN: no value yet. */
export interface SeriesState {
  target: LabelledTarget;
  layout: Layout;
  values: Float64Array;
  /** One for each of the layout's infos. */
  infos: readonly InfoSlot[];
}

/** The numbers of one target. */
export interface TargetSeries extends SeriesState {
  target: ProbeTarget;
}

/** Series of all targets; the only state of the metrics. */
export interface ProbeRegistry {
  /** Registers a target; its counters stand at 0. Each id once. */
  add(target: ProbeTarget): TargetSeries;
  /**
   * The target of that id is another now. Where its labels and series are the same, so is its state. Else it gets a new one, in the same
   * place, with the counters of those series that it still has; the old one is the caller's to end.
   */
  replace(target: ProbeTarget): TargetSeries;
  /** Takes a target out. */
  remove(id: string): void;
  /** All targets, in the order of their registration. */
  all(): Iterable<TargetSeries>;
}

/** An empty registry. */
export function createRegistry(): ProbeRegistry {
  const layoutFor = layoutCache();
  const states = new Map<string, TargetSeries>();
  const fresh = (target: ProbeTarget): TargetSeries => {
    const layout = layoutFor(target);
    const values = new Float64Array(layout.series.length);
    layout.series.forEach((series, slot) => {
      values[slot] = series.initial;
    });
    return { target, layout, values, infos: infoSlots(layout.infos) };
  };
  return {
    add(target) {
      const state = fresh(target);
      states.set(target.id, state);
      return state;
    },
    replace(target) {
      const known = states.get(target.id);
      if (known?.layout === layoutFor(target) && headScope(known.target) === headScope(target)) {
        known.target = target;
        return known;
      }
      const state = fresh(target);
      if (known !== undefined) carryCounters(known, state);
      states.set(target.id, state);
      return state;
    },
    remove: (id) => void states.delete(id),
    all: () => states.values(),
  };
}

/** Gauges are not taken over: they tell of a run of the target as it was. */
function carryCounters(from: TargetSeries, to: TargetSeries): void {
  const known = new Map(from.layout.series.map((series, slot) => [seriesKey(series), from.values[slot]]));
  to.layout.series.forEach((series, slot) => {
    const value = known.get(seriesKey(series));
    if (value !== undefined && !Number.isNaN(series.initial)) to.values[slot] = value;
  });
}

function seriesKey({ family, suffix, labels }: SeriesDef): string {
  return JSON.stringify([family.name, suffix, labels]);
}

/** Takes the values of the last judged run away: they are too old to stand for the target. Counters stay. */
export function forgetGauges({ layout, values, infos }: TargetSeries): void {
  layout.series.forEach((series, slot) => {
    if (Number.isNaN(series.initial)) values[slot] = Number.NaN;
  });
  for (const slot of infos) forgetInfo(slot);
}

/** Moves all series of a target by one run. An unknown run moves nothing but its own counter. */
export function recordRun({ layout, values, infos }: TargetSeries, run: RunSample): void {
  const unknown = run.result.outcome === 'unknown';
  const { series } = layout;
  for (let slot = 0; slot < series.length; slot += 1) {
    const def = series[slot];
    if (def !== undefined && (!unknown || def.countsUnknown)) values[slot] = def.update(values[slot] ?? 0, run);
  }
  for (let index = 0; index < infos.length; index += 1) {
    recordInfo(infos[index] as InfoSlot, layout.infos[index] as InfoDef, unknown ? null : run);
  }
}
