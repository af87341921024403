import type { DrillCase } from './case.ts';
import type { Sight } from './sight.ts';

/** How fast a drill runs. */
export interface DrillClock {
  /** How many times faster than real time. */
  compression: number;
  /** Wall milliseconds between scrapes and between evaluations. */
  scrapeMs: number;
  evaluationMs: number;
}

/** Wall time that an alert on probes is pending at most: its expression looks at the present alone, so nothing but `for` has to last. */
const LONGEST_HOLD_MS = 2_000;

/** The clock of a case: that of the drill, or a faster one where nothing but a long `for` has to pass. */
export function caseClock({ alert, sight }: Pick<DrillCase, 'alert' | 'sight'>, clock: DrillClock): DrillClock {
  if (sight.by !== 'probe') return clock;
  return { ...clock, compression: Math.max(clock.compression, Math.round(alert.forMs / LONGEST_HOLD_MS)) };
}

/** Real time on the drill's clock. */
export function compressed(ms: number, { compression }: DrillClock): number {
  return ms / compression;
}

/** How long an alert is pending before it fires: `for`, rounded up to whole evaluations. */
export function holdMs({ forMs }: { forMs: number }, clock: DrillClock): number {
  return Math.ceil(compressed(forMs, clock) / clock.evaluationMs) * clock.evaluationMs;
}

/** How long the expression looks back; 0 where it looks at the present only. */
export function windowMs(sight: Sight, clock: DrillClock): number {
  return sight.by === 'scrapes' && 'windowMs' in sight.condition ? compressed(sight.condition.windowMs, clock) : 0;
}
