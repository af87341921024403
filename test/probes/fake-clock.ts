import type { Clock } from '../../probes/clock.ts';

/** Time that stands still until it is turned. */
export interface FakeClock extends Clock {
  /** Turns time forward, calling back whatever falls due, in order; promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Turns time forward without calling anything back, as a stall does. */
  stall(ms: number): void;
}

export function fakeClock(startMs = 1_700_000_000_000): FakeClock {
  let elapsedMs = 0;
  let serial = 0;
  const timers = new Map<number, { dueMs: number; callback: () => void }>();
  const settle = async () => {
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
  };
  return {
    now: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    after(delayMs, callback) {
      serial += 1;
      const id = serial;
      timers.set(id, { dueMs: elapsedMs + Math.max(0, delayMs), callback });
      return () => void timers.delete(id);
    },
    stall(ms) {
      elapsedMs += ms;
    },
    async advance(ms) {
      const endMs = elapsedMs + ms;
      await settle();
      for (;;) {
        const [next] = [...timers].filter(([, { dueMs }]) => dueMs <= endMs).sort((a, b) => a[1].dueMs - b[1].dueMs);
        if (next === undefined) break;
        timers.delete(next[0]);
        elapsedMs = Math.max(elapsedMs, next[1].dueMs);
        next[1].callback();
        await settle();
      }
      elapsedMs = endMs;
    },
  };
}
