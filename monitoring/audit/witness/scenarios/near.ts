import { type Binary, type ComparisonOperator, type Expr, isComparison, walk } from '../../../promql/ast.ts';
import { printPromql } from '../../../promql/print.ts';
import type { Attempt } from '../attempt.ts';
import { point } from '../model/interval.ts';
import type { Piece, Signal } from '../model/signal.ts';
import { falsify } from '../solve/absent.ts';
import { BudgetSpent } from '../solve/solver.ts';
import type { Snapshot } from '../solve/state.ts';
import type { Scenario } from '../types.ts';
import { forget, silentNow } from './capture.ts';

type Rung = (limit: number) => number;

const OVER: readonly Rung[] = [
  (c) => c * 1.01 + (c === 0 ? 0.01 : 0),
  (c) => c + 1,
  (c) => c * 1.2 + 0.1,
  (c) => c * 2 + 1,
  (c) => c * 20 + 10,
];
const UNDER: readonly Rung[] = [
  (c) => c * 0.99 - (c === 0 ? 0.01 : 0),
  (c) => c - 1,
  (c) => c * 0.8 - (c < 1 ? 0.1 : 0),
  (c) => c / 2,
  () => 0,
  (c) => -Math.abs(c) - 1,
];
const EXACT: Rung = (c) => c;

/** Values just on the other side of a comparison, the nearest first. Whole numbers come before shares of them where the limit is whole. */
const RUNGS: Readonly<Record<ComparisonOperator, readonly Rung[]>> = {
  '>': [EXACT, ...UNDER],
  '<': [EXACT, ...OVER],
  '>=': UNDER,
  '<=': OVER,
  '==': [(c) => c + 1, (c) => c - 1, (c) => c * 1.01 + 0.01, (c) => c * 0.99, (c) => c * 2 + 1],
  '!=': [EXACT],
};

/** Inputs like the witness that stay silent in the model, the nearest first; each is found only when it is asked for. */
export function* nearMisses(attempt: Attempt, witness: Snapshot): Generator<Scenario> {
  const { solver, context } = attempt;
  const comparisons = [...walk(solver.expr)].filter(
    (node): node is Binary => node.kind === 'binary' && isComparison(node.op) && !solver.isConstant(node),
  );
  for (let rung = 0; rung < 8; rung += 1) {
    for (const comparison of comparisons) {
      for (const side of ['left', 'right'] as const) {
        const found = tryOut(attempt, witness, () => beyond(attempt, comparison, side, rung));
        if (found !== null) yield found;
      }
    }
  }
  const negated = tryOut(attempt, witness, () =>
    falsify(solver, solver.expr, context) ? 'the condition does not hold' : null,
  );
  if (negated !== null) yield negated;
  yield* byHand(attempt, witness);
}

function beyond(
  { solver, context }: Attempt,
  { left, right, op }: Binary,
  side: 'left' | 'right',
  rung: number,
): string | null {
  if (!isComparison(op)) return null;
  const [moved, fixed] = side === 'left' ? [left, right] : [right, left];
  if (solver.isConstant(moved)) return null;
  const mirrored = { '>': '<', '<': '>', '>=': '<=', '<=': '>=', '==': '==', '!=': '!=' } as const;
  const step = RUNGS[side === 'left' ? op : mirrored[op]][rung];
  if (step === undefined) return null;
  const limits = solver.read(fixed, context);
  const values = limits.map((limit) => (limit === null ? Number.NaN : step(limit)));
  if (values.some(Number.isNaN)) return null;
  const value = values.at(-1) ?? 0;
  if (!solver.solve(moved, values.map(point), { ...context, prefer: value })) return null;
  return `${shortened(moved)} is ${Number(value.toPrecision(6))}`;
}

/** Changes one series at a time: left out, at zero, halved, doubled, ten times as much. */
function* byHand(attempt: Attempt, witness: Snapshot): Generator<Scenario> {
  const present = [...witness].filter(([, { present: there }]) => there).map(([series]) => series);
  for (const factor of [0.5, 2, 10, 0]) {
    for (const series of present.slice(0, 20)) {
      const found = tryOut(attempt, witness, () => {
        series.signal = scaled(series.signal, factor);
        return `${series.labels.__name__ ?? 'a series'} ${factor === 0 ? 'at zero' : `times ${factor}`}`;
      });
      if (found !== null) yield found;
    }
  }
  for (const series of present.slice(0, 20)) {
    const found = tryOut(attempt, witness, () => {
      series.present = false;
      return `without ${series.labels.__name__ ?? 'a series'}`;
    });
    if (found !== null) yield found;
  }
}

function scaled(signal: Signal, factor: number): Signal {
  const one = (piece: Piece): Piece => ({
    ...piece,
    value: piece.value === null ? null : piece.value * factor,
    slope: piece.slope * factor,
  });
  const [first, ...rest] = signal;
  return [one(first), ...rest.map(one)];
}

function tryOut(attempt: Attempt, witness: Snapshot, change: () => string | null): Scenario | null {
  attempt.solver.pool.restore(witness);
  forget(attempt);
  attempt.solver.refill();
  try {
    const description = change();
    return description === null ? null : silentNow(attempt, description);
  } catch (error) {
    if (error instanceof BudgetSpent) return null;
    throw error;
  }
}

export function shortened(expr: Expr): string {
  const text = printPromql(expr);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
