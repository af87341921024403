import { type Binary, type Expr, isComparison, isSetOperator, walk } from '../../../promql/ast.ts';
import { ANY, contains, intersect, isEmpty, mirrored, negated, satisfying } from '../model/interval.ts';
import { makeAbsent } from './absent.ts';
import { solveArithmetic } from './arithmetic-solver.ts';
import { anything, type Context, type Want } from './context.ts';
import type { Solver } from './solver.ts';

const ROUNDS = 3;

export function solveBinary(solver: Solver, expr: Binary, want: Want, context: Context): boolean {
  if (isSetOperator(expr.op)) return solveSets(solver, expr, want, context);
  if (!isComparison(expr.op)) return solveArithmetic(solver, expr, want, context);
  if (expr.bool === null) return solveFilter(solver, expr, want, context, expr.op);
  if (want.every((one) => contains(one, 1))) return holdsOrNot(solver, expr, context, true);
  return want.every((one) => contains(one, 0)) && holdsOrNot(solver, expr, context, false);
}

/** A comparison with `bool`, as if it were a filter. */
function holdsOrNot(solver: Solver, expr: Binary, context: Context, holds: boolean): boolean {
  if (!isComparison(expr.op)) return false;
  const op = holds ? expr.op : negated(expr.op);
  return solveFilter(solver, { ...expr, bool: null }, anything(solver.times), context, op, expr);
}

/** Left and right so that the comparison holds and the value that it lets through is as wanted. */
export function solveFilter(
  solver: Solver,
  expr: Binary,
  want: Want,
  context: Context,
  op = expr.op,
  check: Expr | null = op === expr.op ? expr : null,
): boolean {
  if (!isComparison(op)) return false;
  const { left, right } = expr;
  const holds = () =>
    check === null || check.kind !== 'binary' || check.bool !== null || solver.satisfied(check, want, context);
  const sides = op === '!=' ? [false, true] : [false];
  const start = solver.pool.save();
  for (const below of sides) {
    if (solver.isConstant(right)) {
      const limits = solver.read(right, context);
      const asked = want.map((one, index) => intersect(one, satisfying(op, limits[index] ?? Number.NaN, below)));
      if (!asked.some(isEmpty) && solver.solve(left, asked, context) && holds()) return true;
    } else if (solver.isConstant(left)) {
      const limits = solver.read(left, context);
      const asked = want.map((one, index) =>
        intersect(one, satisfying(mirrored(op), limits[index] ?? Number.NaN, below)),
      );
      if (!asked.some(isEmpty) && solver.solve(right, asked, context) && holds()) return true;
    } else if (bothSides(solver, left, right, want, context, op, below, holds)) return true;
    solver.pool.restore(start);
  }
  return false;
}

function bothSides(
  solver: Solver,
  left: Expr,
  right: Expr,
  want: Want,
  context: Context,
  op: Parameters<typeof satisfying>[0],
  below: boolean,
  holds: () => boolean,
): boolean {
  const start = solver.pool.save();
  const ways = [
    [right, left, op],
    [left, right, mirrored(op)],
  ] as const;
  // A side that is there already was wanted like that: the other one moves.
  const there = (side: Expr) => solver.read(side, context).every((value) => value !== null);
  for (const [fixed, free, operator] of there(left) && !there(right) ? ways.toReversed() : ways) {
    const free0 = free === left;
    const fixedWant = free0 ? anything(solver.times) : want;
    if (solver.solve(fixed, fixedWant, { ...context, reach: 'clear' })) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const limits = solver.read(fixed, context);
        const flip = op === '!=' && !free0 ? !below : below;
        const asked = limits.map((limit, index) =>
          intersect(free0 ? (want[index] ?? ANY) : ANY, satisfying(operator, limit ?? Number.NaN, flip)),
        );
        if (asked.some(isEmpty) || !solver.solve(free, asked, context)) break;
        if (holds() && compares(solver, left, right, op, context)) return true;
      }
    }
    solver.pool.restore(start);
  }
  return false;
}

function compares(
  solver: Solver,
  left: Expr,
  right: Expr,
  op: Parameters<typeof satisfying>[0],
  context: Context,
): boolean {
  const limits = solver.read(right, context);
  return solver.read(left, context).every((value, index) => {
    const limit = limits[index];
    if (value === null || limit === null || limit === undefined) return false;
    return contains(satisfying(op, limit), value) || (op === '!=' && value !== limit);
  });
}

function solveSets(solver: Solver, expr: Binary, want: Want, context: Context): boolean {
  const { left, right, op } = expr;
  if (context.slope)
    return solver.solve(op === 'or' && solver.branches.get(expr) === 'right' ? right : left, want, context);
  const start = solver.pool.save();
  const check = () => solver.satisfied(expr, want, context);
  if (op === 'or') {
    if (solver.branches.get(expr) !== 'right') return solver.solve(left, want, context) && check();
    if (solver.solve(right, want, context) && check()) return true;
    return makeAbsent(solver, left, context) && solver.solve(right, want, context) && check();
  }
  if (op === 'unless') {
    for (let round = 0; round < ROUNDS; round += 1) {
      if (!solver.solve(left, want, context)) break;
      if (check()) return true;
      makeAbsent(solver, right, context);
      if (check()) return true;
    }
    solver.pool.restore(start);
    return makeAbsent(solver, right, context) && solver.solve(left, want, context) && check();
  }
  const steps: (() => boolean)[] = [() => solver.solve(left, want, context), () => solver.exist(right, context)];
  if (weight(left) > weight(right)) steps.reverse();
  for (const order of [steps, steps.toReversed()]) {
    for (let round = 0; round < ROUNDS; round += 1) {
      if (order.every((step) => step()) && check()) return true;
    }
    solver.pool.restore(start);
  }
  return false;
}

/** The harder a side, the later it is solved: it must respect what the other one fixed. */
function weight(expr: Expr): number {
  let total = 0;
  for (const node of walk(expr)) total += node.kind === 'call' && node.func === 'predict_linear' ? 100 : 1;
  return total;
}
