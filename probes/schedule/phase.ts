import { hash32 } from './hash.ts';

/**
 * Milliseconds, 0 to `intervalMs`, by which a target's runs are shifted: its hash modulo the interval, as Prometheus shifts
 * scrapes, so that restarts and reloads neither bunch runs nor move them.
 */
export function phaseMs(id: string, intervalMs: number): number {
  return hash32(id) % intervalMs;
}

/** Milliseconds from `nowMs` (wall time) to the next time whose remainder by the interval is the phase. */
export function untilPhaseMs(id: string, intervalMs: number, nowMs: number): number {
  const ahead = (phaseMs(id, intervalMs) - nowMs) % intervalMs;
  return ahead < 0 ? ahead + intervalMs : ahead;
}
