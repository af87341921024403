/** Upper bounds in seconds; +Inf beside them. Fine below the 50 ms that a start may be late. */
export const LAG_BOUNDS = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5] as const;

/** How much later than due runs started, over all targets. */
export interface LagHistogram {
  /** Starts by bucket, each alone and not summed up; the last one is beyond all bounds. */
  readonly counts: Float64Array;
  readonly sumSeconds: number;
  observe(seconds: number): void;
}

/** An empty histogram. */
export function createLagHistogram(): LagHistogram {
  const counts = new Float64Array(LAG_BOUNDS.length + 1);
  let sumSeconds = 0;
  return {
    counts,
    get sumSeconds() {
      return sumSeconds;
    },
    observe(seconds) {
      let bucket = 0;
      while (bucket < LAG_BOUNDS.length && seconds > (LAG_BOUNDS[bucket] as number)) bucket += 1;
      counts[bucket] = (counts[bucket] as number) + 1;
      sumSeconds += seconds;
    },
  };
}
