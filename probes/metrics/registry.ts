import type { ProbeTarget } from '../target.ts';
import { forgetInfo, type InfoDef, type InfoSlot, infoSlots, recordInfo } from './info.ts';
import { layoutCache } from './layouts.ts';
import type { Layout, RunSample } from './series.ts';

/** The numbers of one target: one flat array beside a layout that many targets share. NaN: no value yet. */
export interface TargetSeries {
  target: ProbeTarget;
  layout: Layout;
  values: Float64Array;
  /** One for each of the layout's infos. */
  infos: readonly InfoSlot[];
}

/** Series of all targets; the only state of the metrics. */
export interface ProbeRegistry {
  /** Registers a target; its counters stand at 0. Each id once. */
  add(target: ProbeTarget): TargetSeries;
  /** All targets, in the order of their registration. */
  all(): Iterable<TargetSeries>;
}

/** An empty registry. */
export function createRegistry(): ProbeRegistry {
  const layoutFor = layoutCache();
  const states: TargetSeries[] = [];
  return {
    add(target) {
      const layout = layoutFor(target);
      const values = new Float64Array(layout.series.length);
      layout.series.forEach((series, slot) => {
        values[slot] = series.initial;
      });
      const state = { target, layout, values, infos: infoSlots(layout.infos) };
      states.push(state);
      return state;
    },
    all: () => states,
  };
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
