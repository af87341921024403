/**
 * Milliseconds, 0 to `intervalMs`, by which a target's runs are shifted: its hash modulo the interval, as Prometheus shifts
 * scrapes, so that restarts and reloads neither bunch runs nor move them. FNV-1a, 32 bits.
 */
export function phaseMs(id: string, intervalMs: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  // Similar names differ in few low bits: mix before reducing (murmur3 finaliser).
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % intervalMs;
}

/** Milliseconds from `nowMs` (wall time) to the next time whose remainder by the interval is the phase. */
export function untilPhaseMs(id: string, intervalMs: number, nowMs: number): number {
  const ahead = (phaseMs(id, intervalMs) - nowMs) % intervalMs;
  return ahead < 0 ? ahead + intervalMs : ahead;
}
