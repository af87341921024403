import type { Aggregation } from '../../../promql/ast.ts';
import { ANY, contains, pick, point } from '../model/interval.ts';
import { anything, type Context, type Want } from './context.ts';
import { solveCount } from './count.ts';
import { spreadClasses, valuesFor } from './fan-out.ts';
import type { Solver } from './solver.ts';

export function solveAggregation(solver: Solver, expr: Aggregation, want: Want, context: Context): boolean {
  switch (expr.op) {
    case 'count':
    case 'count_values':
      return solveCount(solver, expr, want, context);
    case 'group':
      return want.every((one) => contains(one, 1)) && solver.exist(expr.expr, context);
    case 'stddev':
    case 'stdvar':
      return solveSpread(solver, expr, want, context);
    case 'sum':
      return solveSum(solver, expr, want, context);
    default:
      if (context.slope) return solver.solve(expr.expr, want, context);
      return (
        (solver.solve(expr.expr, want, context) && solver.satisfied(expr, want, context)) ||
        solveLinear(solver, expr, want, context)
      );
  }
}

function solveSum(solver: Solver, expr: Aggregation, want: Want, context: Context): boolean {
  const free = want.every(({ lo, hi }) => lo === -Infinity && hi === Infinity);
  if (free || context.slope) return solver.solve(expr.expr, want, context);
  const start = solver.pool.save();
  if (solver.solve(expr.expr, want, context) && solver.satisfied(expr, want, context)) return true;
  solver.pool.restore(start);
  if (solveLinear(solver, expr, want, context)) return true;
  solver.pool.restore(start);
  return moreOfThem(solver, expr, want, context);
}

const MAX_COPIES = 60;

/** An element that can be no larger, such as a comparison with `bool`: more of them make the sum. */
function moreOfThem(solver: Solver, expr: Aggregation, want: Want, context: Context): boolean {
  const target = pick(want.at(-1) ?? ANY, context.prefer, context.reach);
  if (target === null || target <= 0) return false;
  const one = anything(solver.times).map(() => point(1));
  if (!solver.solve(expr.expr, one, context) && !solver.exist(expr.expr, context)) return false;
  const each = solver.readAt(expr.expr, solver.times.at(-1) ?? 0, context);
  const size = each === null ? 0 : Math.ceil(target / each);
  if (size < 2 || size > MAX_COPIES) return false;
  return spreadClasses(solver, expr).some((id) => {
    const values = valuesFor(solver, id, size);
    return values.length === size && solver.fanOut(id, values) && solver.satisfied(expr, want, context);
  });
}

/** The result is a straight line over the value of the inner element: two points give it. */
function solveLinear(solver: Solver, expr: Aggregation, want: Want, context: Context): boolean {
  const end = solver.times.at(-1) ?? 0;
  const target = pick(want.at(-1) ?? ANY, context.prefer, context.reach);
  if (target === null) return false;
  const attempt = (x: number): number | null => {
    if (
      !solver.solve(
        expr.expr,
        anything(solver.times).map(() => point(x)),
        context,
      )
    )
      return null;
    return solver.readAt(expr, end, context);
  };
  let [x1, x2] = [target, target === 0 ? 1 : target / 2];
  let y1 = attempt(x1);
  let y2 = attempt(x2);
  if (solver.satisfied(expr, want, context)) return true;
  if (y1 === null || y2 === null) {
    // A filter inside may refuse these values; any that exists is a start.
    if (!solver.exist(expr.expr, context)) return false;
    const inner = solver.readAt(expr.expr, end, context);
    const outer = solver.readAt(expr, end, context);
    if (solver.satisfied(expr, want, context)) return true;
    if (inner === null || outer === null || outer === 0 || inner === 0) return false;
    [x1, y1, x2, y2] = [0, 0, inner, outer];
  }
  for (let round = 0; round < 6; round += 1) {
    if (y1 === null || y2 === null || y1 === y2) return false;
    const x3: number = x1 + ((target - y1) * (x2 - x1)) / (y2 - y1);
    if (!Number.isFinite(x3)) return false;
    const y3 = attempt(x3);
    if (y3 === null) return false;
    if (solver.satisfied(expr, want, context)) return true;
    [x1, y1, x2, y2] = [x2, y2, x3, y3];
  }
  return false;
}

/** Two elements as far apart as the deviation asks. */
function solveSpread(solver: Solver, expr: Aggregation, want: Want, context: Context): boolean {
  const target = pick(want.at(-1) ?? ANY, context.prefer, context.reach);
  if (target === null || target < 0) return false;
  const distance = expr.op === 'stddev' ? 2 * target : 2 * Math.sqrt(target);
  for (const id of spreadClasses(solver, expr)) {
    const values = valuesFor(solver, id, 2);
    const [first, second] = values;
    if (first === undefined || second === undefined || !solver.fanOut(id, values)) continue;
    const each = (value: string, level: number) =>
      solver.solve(
        expr.expr,
        anything(solver.times).map(() => point(level)),
        { ...context, only: new Map([[id, value]]) },
      );
    if (each(first, 0) && each(second, distance) && solver.satisfied(expr, want, context)) return true;
    if (each(first, distance) && each(second, 2 * distance) && solver.satisfied(expr, want, context)) return true;
  }
  return false;
}
