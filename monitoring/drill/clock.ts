import type { Alert } from '../../thresholds/model.ts';

/** How fast a drill runs. */
export interface DrillClock {
  /** How many times faster than real time. */
  compression: number;
  /** Wall milliseconds between scrapes and between evaluations. */
  scrapeMs: number;
  evaluationMs: number;
}

/** Real time on the drill's clock. */
export function compressed(ms: number, { compression }: DrillClock): number {
  return ms / compression;
}

/** How long an alert is pending before it fires: `for`, rounded up to whole evaluations. */
export function holdMs(alert: Pick<Alert, 'forMs'>, clock: DrillClock): number {
  return Math.ceil(compressed(alert.forMs, clock) / clock.evaluationMs) * clock.evaluationMs;
}

/** How long the expression looks back; 0 where it looks at the present only. */
export function windowMs({ condition }: Pick<Alert, 'condition'>, clock: DrillClock): number {
  return 'windowMs' in condition ? compressed(condition.windowMs, clock) : 0;
}
