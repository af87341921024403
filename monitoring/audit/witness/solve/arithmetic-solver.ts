import type { Binary } from '../../../promql/ast.ts';
import { ANY, type Interval, isEmpty, pick, point } from '../model/interval.ts';
import { invertLeft, invertRight } from './arithmetic.ts';
import { anything, type Context, type Want } from './context.ts';
import type { Solver } from './solver.ts';

const ROUNDS = 3;

/** One side is fixed and read, the other one solved for what is left; where both move together, by search. */
export function solveArithmetic(solver: Solver, expr: Binary, want: Want, context: Context): boolean {
  const { left, right, op } = expr;
  const from = (limits: readonly (number | null)[], invert: typeof invertLeft): Interval[] =>
    want.map((one, index) => invert(op, one, limits[index] ?? Number.NaN, context));
  if (context.slope) return solveSlope(solver, expr, want, context);
  if (solver.isConstant(right)) {
    const asked = from(solver.read(right, context), invertLeft);
    return !asked.some(isEmpty) && solver.solve(left, asked, context) && check();
  }
  if (solver.isConstant(left)) {
    const asked = from(solver.read(left, context), invertRight);
    return !asked.some(isEmpty) && solver.solve(right, asked, context) && check();
  }
  const start = solver.pool.save();
  const free = want.every(({ lo, hi }) => lo === -Infinity && hi === Infinity);
  for (const [fixed, open, invert] of [
    [right, left, invertLeft],
    [left, right, invertRight],
  ] as const) {
    const prefer = op === '/' && fixed === right && !free ? 100 : 1;
    if (solver.exist(fixed, context, prefer)) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const asked = from(solver.read(fixed, context), invert);
        if (asked.some(isEmpty) || !solver.solve(open, asked, context)) break;
        if (check()) return true;
      }
    }
    solver.pool.restore(start);
  }
  return search(solver, expr, want, context);

  function check(): boolean {
    return solver.satisfied(expr, want, context);
  }
}

const MAGNITUDES = [0, 1e-6, 1e-4, 0.01, 0.1, 0.5, 1, 2, 5, 10, 50, 100, 1_000, 1e5, 1e7, 1e9];

/** Both sides move together: tries values of the left side over many magnitudes, then halves towards what is wanted. */
function search(solver: Solver, expr: Binary, want: Want, context: Context): boolean {
  const picked = pick(want.at(-1) ?? ANY, context.prefer, context.reach);
  if (picked === null || !solver.exist(expr.right, context)) return false;
  const target = picked;
  const attempt = (x: number): number | null => {
    if (
      !solver.solve(
        expr.left,
        anything(solver.times).map(() => point(x)),
        context,
      )
    )
      return null;
    return solver.readAt(expr, solver.times.at(-1) ?? 0, context);
  };
  let before: { x: number; y: number } | null = null;
  for (const x of MAGNITUDES) {
    const y = attempt(x);
    if (y === null || Number.isNaN(y)) continue;
    if (solver.satisfied(expr, want, context)) return true;
    if (before !== null && (before.y - target) * (y - target) < 0) return halve(before.x, before.y, x);
    before = { x, y };
  }
  return false;

  function halve(a: number, valueA: number, b: number): boolean {
    let [near, far] = [a, b];
    for (let round = 0; round < 40; round += 1) {
      const middle = (near + far) / 2;
      const y = attempt(middle);
      if (y === null) return false;
      if (solver.satisfied(expr, want, context)) return true;
      if ((y - target) * (valueA - target) > 0) near = middle;
      else far = middle;
    }
    return false;
  }
}

/** The change per second of a sum, difference or multiple. */
function solveSlope(solver: Solver, { op, left, right }: Binary, want: Want, context: Context): boolean {
  if (solver.isConstant(right)) {
    if (op === '+' || op === '-') return solver.solve(left, want, context);
    const limits = solver.read(right, { ...context, slope: false });
    const asked = want.map((one, index) => invertLeft(op, one, limits[index] ?? Number.NaN, context));
    return (op === '*' || op === '/') && !asked.some(isEmpty) && solver.solve(left, asked, context);
  }
  if (solver.isConstant(left)) return (op === '+' || op === '*') && solver.solve(right, want, context);
  const steady = { ...context, slope: false };
  if (op === '-' || op === '+') return solver.exist(right, steady) && solver.solve(left, want, context);
  if (op !== '*' && op !== '/') return false;
  if (!solver.exist(right, steady)) return false;
  const values = solver.read(right, steady);
  const asked = want.map((one, index) => invertLeft(op, one, values[index] ?? Number.NaN, context));
  return !asked.some(isEmpty) && solver.solve(left, asked, context);
}
