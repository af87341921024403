import type { Attempt } from '../attempt.ts';
import { toSegments } from '../model/signal.ts';
import { timeline } from '../timeline.ts';
import type { Scenario, WitnessSeries } from '../types.ts';

/** The series of a solver as they are now. */
export function captured({ solver, clockwork }: Attempt): WitnessSeries[] {
  return solver.pool.all
    .filter(({ present }) => present)
    .map(({ labels, signal }) => ({ labels, segments: toSegments(signal, clockwork.intervalMs) }));
}

/** The series as they are now, if they keep the alert silent for the whole test. */
export function silentNow(attempt: Attempt, description: string, neverActive = false): Scenario | null {
  const { solver, timing, clockwork } = attempt;
  const found = timeline(solver.evaluator, solver.expr, timing, clockwork.endMs, true);
  if (!found.complete || found.fireAtMs !== null || (neverActive && found.everActive)) return null;
  const series = captured(attempt);
  return { series, description };
}

/** Forgets what was asked of the series, not what they are. */
export function forget({ solver }: Attempt): void {
  for (const series of solver.pool.all) {
    series.levelWant = null;
    series.slopeWant = null;
  }
}
