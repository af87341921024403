import type { Attempt } from '../attempt.ts';
import { drop, falsify } from '../solve/absent.ts';
import { presentAll } from '../solve/present.ts';
import { BudgetSpent } from '../solve/solver.ts';
import type { Snapshot } from '../solve/state.ts';
import type { Scenario } from '../types.ts';
import { forget, silentNow } from './capture.ts';

/** Inputs in which every series is there and nothing fires, the calmest first. */
export function* healthySets(attempt: Attempt, witness: Snapshot): Generator<Scenario> {
  for (const neverActive of [true, false]) {
    for (const kind of ['same', 'fresh', 'fewer'] as const) {
      for (const prefer of [1, 0, 100]) {
        const found = build(attempt, witness, kind, prefer, neverActive);
        if (found !== null) yield found;
      }
    }
  }
}

function build(
  attempt: Attempt,
  witness: Snapshot,
  kind: 'same' | 'fresh' | 'fewer',
  prefer: number,
  neverActive: boolean,
): Scenario | null {
  const { solver, context } = attempt;
  solver.pool.restore(witness);
  forget(attempt);
  solver.refill();
  try {
    if (kind !== 'same') drop(solver, solver.expr);
    const everywhere = { ...context, only: new Map<number, string>(), prefer };
    presentAll(solver, everywhere);
    if (kind === 'fewer') solver.pool.onlyFirst();
    const calm = silentNow(attempt, 'nothing is wrong', neverActive);
    if (calm !== null) return calm;
    forget(attempt);
    if (!falsify(solver, solver.expr, { ...everywhere, prefer: 0 })) return null;
    return silentNow(attempt, 'nothing is wrong', neverActive);
  } catch (error) {
    if (error instanceof BudgetSpent) return null;
    throw error;
  }
}
