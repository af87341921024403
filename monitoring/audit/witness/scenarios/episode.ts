import type { Attempt } from '../attempt.ts';
import { lookbackOf } from '../clockwork.ts';
import { continuous, type Piece, pieceAt, type Signal, toSegments } from '../model/signal.ts';
import type { Snapshot } from '../solve/state.ts';
import { timeline } from '../timeline.ts';
import type { Episode, Scenario, WitnessSeries } from '../types.ts';

const STALE_MS = 300_000;
/** Longer tests than this cost too much for what they show. */
const MAX_EVALUATIONS = 900;

/** A fault that begins after a healthy stretch and ends again. Null: it does not fire, or does not resolve, in the model. */
export function episode(attempt: Attempt, witness: Snapshot, healthy: Snapshot): Episode | null {
  const { clockwork, timing } = attempt;
  const lookback = lookbackOf(attempt.solver.expr);
  const step = clockwork.evaluationMs;
  const on = clockwork.holdFromMs;
  const off = up(on + lookback + timing.forMs + 2 * step, step);
  const endMs = up(off + lookback + timing.keepFiringForMs + STALE_MS + 2 * step, step);
  if (endMs / step > MAX_EVALUATIONS) return null;
  const series = blend(attempt, witness, healthy, on, off);
  const { solver } = attempt;
  const found = timeline(solver.evaluator, solver.expr, timing, endMs);
  if (found.fireAtMs === null || found.fireAtMs < on || found.resolvedAtMs === null) return null;
  return {
    series,
    description: 'a fault begins and ends',
    endMs: found.resolvedAtMs,
    fireAtMs: found.fireAtMs,
    resolvedAtMs: found.resolvedAtMs,
  };
}

/** A fault that ends before `for` has passed. Null: none was found that the expression sees and the alert does not. */
export function brief(attempt: Attempt, witness: Snapshot, healthy: Snapshot): Scenario | null {
  const { clockwork, timing, solver } = attempt;
  const { forMs, evaluationMs: step } = timing;
  if (forMs === 0) return null;
  const on = Math.min(clockwork.holdFromMs, clockwork.endMs - forMs);
  for (const length of [forMs - step, forMs / 2, forMs / 4, step].filter((ms) => ms > 0)) {
    const series = blend(attempt, witness, healthy, on, up(on + length, step));
    const found = timeline(solver.evaluator, solver.expr, timing, clockwork.endMs);
    if (found.complete && found.everActive && found.fireAtMs === null)
      return { series, description: 'the fault ends before the alert may fire' };
  }
  return null;
}

/** Healthy, faulty from `onMs` to before `offMs`, healthy. The solver's series are left like this. */
function blend(
  { solver, clockwork }: Attempt,
  witness: Snapshot,
  healthy: Snapshot,
  onMs: number,
  offMs: number,
): WitnessSeries[] {
  const series: WitnessSeries[] = [];
  solver.pool.restore(witness);
  for (const one of solver.pool.all) {
    const [fault, calm] = [witness.get(one), healthy.get(one)];
    const [during, otherwise] = [signalOf(fault), signalOf(calm)];
    one.present = fault?.present === true || calm?.present === true;
    if (!one.present) continue;
    const joined = [
      ...cut(otherwise, 0, onMs - 1),
      ...cut(during, onMs, offMs - 1),
      ...cut(otherwise, offMs, Infinity),
    ];
    const [first, ...rest] = joined;
    if (first === undefined) continue;
    const counts = fault?.counter === true || calm?.counter === true;
    one.signal = counts ? continuous([first, ...rest]) : [first, ...rest];
    series.push({ labels: one.labels, segments: toSegments(one.signal, clockwork.intervalMs) });
  }
  return series;
}

function signalOf(saved: { readonly signal: Signal; readonly present: boolean } | undefined): Signal {
  return saved?.present === true ? saved.signal : [{ fromMs: 0, value: null, slope: 0 }];
}

/** The pieces of a signal between two moments. */
function cut(signal: Signal, fromMs: number, toMs: number): Piece[] {
  const first = pieceAt(signal, fromMs);
  const value = first.value === null ? null : first.value + (first.slope * (fromMs - first.fromMs)) / 1_000;
  return [{ ...first, fromMs, value }, ...signal.filter((piece) => piece.fromMs > fromMs && piece.fromMs <= toMs)];
}

function up(ms: number, step: number): number {
  return Math.ceil(ms / step) * step;
}
