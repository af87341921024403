/** Time as the probes see it, passed in so that tests can turn it by hand. */
export interface Clock {
  /** Wall time, Unix milliseconds; may jump. Only for timestamps. */
  now(): number;
  /** Monotonic time in milliseconds with a fraction; its zero means nothing. All durations and due times are taken from it. */
  monotonicMs(): number;
  /** Calls back once after the delay; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The machine's own clock. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
