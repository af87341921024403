import type { Clock } from './clock.ts';

/** Watches how late the process's own timers are, so that a result taken in a stall is not blamed on the target. */
export interface LagWatch {
  /** Longest stall, in milliseconds, within the time from `startMs` (monotonic) until now. */
  worstSinceMs(startMs: number): number;
  stop(): void;
}

/** Time between two looks. A stall shorter than this may hide, and is far below any share of a timeout that counts. */
const TICK_MS = 20;
/** Stalls kept: more than fit into any run, since a run ends with its timeout. */
const KEPT = 256;

/** Starts to watch; one timer for the whole process. */
export function watchLag(clock: Clock): LagWatch {
  const endsMs = new Float64Array(KEPT);
  const lengthsMs = new Float64Array(KEPT);
  let next = 0;
  let dueMs = clock.monotonicMs() + TICK_MS;
  let cancel = () => {};
  const tick = () => {
    const nowMs = clock.monotonicMs();
    if (nowMs - dueMs > TICK_MS / 2) {
      endsMs[next] = nowMs;
      lengthsMs[next] = nowMs - dueMs;
      next = (next + 1) % KEPT;
    }
    dueMs = nowMs + TICK_MS;
    cancel = clock.after(TICK_MS, tick);
  };
  cancel = clock.after(TICK_MS, tick);
  return {
    worstSinceMs(startMs) {
      // The stall that just ended may have no tick yet: its callbacks may run before the timer does.
      const nowMs = clock.monotonicMs();
      let worst = Math.max(0, nowMs - Math.max(dueMs, startMs));
      for (let i = 0; i < KEPT; i += 1) {
        // Of a stall that began before, only the rest.
        const lengthMs = Math.min(lengthsMs[i] ?? 0, (endsMs[i] ?? 0) - startMs);
        if (lengthMs > worst) worst = lengthMs;
      }
      return worst;
    },
    stop: () => cancel(),
  };
}
