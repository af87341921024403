/** What Prometheus wrote about one alert: times of its `ALERTS` samples, Unix milliseconds, ascending. */
export interface AlertSamples {
  pending: number[];
  firing: number[];
}

/** One stretch of an alert without a gap. */
export interface Episode {
  /** First pending sample; null for an alert that was never pending, as with `for: 0`. */
  pendingAtMs: number | null;
  /** First firing sample; null when it never fired. */
  firingAtMs: number | null;
  /** The first evaluation that found it inactive. */
  endedAtMs: number;
}

/**
 * The episodes of an alert. Samples carry the ideal times of evaluations, exactly one interval apart, so a gap of more than one and a half
 * intervals is an end.
 */
export function episodes({ pending, firing }: AlertSamples, evaluationMs: number): Episode[] {
  const samples = [
    ...pending.map((atMs) => ({ atMs, firing: false })),
    ...firing.map((atMs) => ({ atMs, firing: true })),
  ].sort((a, b) => a.atMs - b.atMs || Number(a.firing) - Number(b.firing));
  const found: Episode[] = [];
  let current: Episode | null = null;
  for (const sample of samples) {
    if (current === null || sample.atMs > current.endedAtMs + evaluationMs / 2) {
      current = { pendingAtMs: null, firingAtMs: null, endedAtMs: 0 };
      found.push(current);
    }
    if (sample.firing) current.firingAtMs ??= sample.atMs;
    else current.pendingAtMs ??= sample.atMs;
    current.endedAtMs = sample.atMs + evaluationMs;
  }
  return found;
}

/** The first episode that fired and was not over at `fromMs`. */
export function firstFiring(list: readonly Episode[], fromMs: number): Episode | undefined {
  return list.find(({ firingAtMs, endedAtMs }) => firingAtMs !== null && endedAtMs > fromMs);
}
