import { type Aggregation, type Expr, walk } from '../../../promql/ast.ts';
import { ANY, contains, type Interval, isEmpty, pick, point } from '../model/interval.ts';
import { gap } from './absent.ts';
import { anything, type Context, type Want } from './context.ts';
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

/** More elements than this are not solved one by one when copies of the first do not do. */
const MAX_ONE_BY_ONE = 12;

const MAX_COPIES = 60;

function solveCount(solver: Solver, expr: Aggregation, want: Want, context: Context): boolean {
  const wanted = whole(want);
  if (!solver.exist(expr.expr, context)) return false;
  if (solver.satisfied(expr, want, context)) return true;
  if (isEmpty(wanted)) return false;
  const asked = count(wanted, context);
  if (asked === null) return false;
  if (
    expr.expr.kind === 'aggregation' &&
    expr.expr.op === 'count_values' &&
    distinctValues(solver, expr.expr, asked, context)
  ) {
    if (solver.satisfied(expr, want, context)) return true;
  }
  if (fewer(solver, expr, want, context)) return true;
  const before = new Map(solver.choice);
  const start = solver.pool.save();
  for (const id of spreadClasses(solver, expr)) {
    let size = asked;
    // Other series may be counted as well: a second try takes them into account.
    for (let round = 0; round < 2 && size > 0; round += 1) {
      const values = valuesFor(solver, id, size);
      if (values.length < size || !solver.fanOut(id, values)) break;
      if (solver.satisfied(expr, want, context)) return true;
      if (
        size <= MAX_ONE_BY_ONE &&
        existAll(solver, expr, id, values, context) &&
        solver.satisfied(expr, want, context)
      )
        return true;
      const got = solver.readAt(expr, solver.times.at(-1) ?? 0, context);
      if (got === null || got === 0) break;
      size += asked - got;
    }
    solver.choice.clear();
    for (const [key, value] of before) solver.choice.set(key, value);
    solver.fanOut(id, before.get(id) ?? []);
    solver.pool.restore(start);
  }
  return false;
}

/** Of several series, those that the search moves end in time: fewer are counted than before. */
function fewer(solver: Solver, expr: Aggregation, want: Want, context: Context): boolean {
  if (!solver.regional || context.only.size === 0) return false;
  const start = solver.pool.save();
  if (gap(solver, expr.expr, context) && solver.satisfied(expr, want, context)) return true;
  solver.pool.restore(start);
  return false;
}

/** Gives the elements of a `count_values` so many different values. */
function distinctValues(solver: Solver, { expr }: Aggregation, count: number, context: Context): boolean {
  if (count > MAX_ONE_BY_ONE) return false;
  const inner = solver.space.outputs.get(expr);
  const source: Aggregation = {
    kind: 'aggregation',
    op: 'count',
    expr,
    param: null,
    grouping: null,
    from: 0,
    to: 0,
    opSpan: { from: 0, to: 0 },
  };
  if (inner === undefined) return false;
  for (const id of spreadClasses(solver, source)) {
    const values = valuesFor(solver, id, count);
    if (values.length < count || !solver.fanOut(id, values)) continue;
    const different = values.every((value, index) => {
      const only = new Map([...context.only, [id, value]]);
      return solver.solve(
        expr,
        anything(solver.times).map(() => point(index + 1)),
        { ...context, only },
      );
    });
    if (different) return true;
  }
  return false;
}

function existAll(solver: Solver, expr: Aggregation, id: number, values: readonly string[], context: Context): boolean {
  return values.every((value) => {
    const only = new Map([...context.only, [id, value]]);
    return solver.exist(expr.expr, { ...context, only });
  });
}

function whole(want: Want): Interval {
  return want.reduce((a, b) => ({
    lo: Math.max(a.lo, b.lo),
    hi: Math.min(a.hi, b.hi),
    loOpen: a.loOpen || b.loOpen,
    hiOpen: a.hiOpen || b.hiOpen,
  }));
}

/** A number of series in the interval. */
function count({ lo, hi, loOpen, hiOpen }: Interval, context: Context): number | null {
  const lowest = Math.max(1, lo === -Infinity ? 1 : loOpen ? Math.floor(lo) + 1 : Math.ceil(lo));
  const highest = hi === Infinity ? Infinity : hiOpen ? Math.ceil(hi) - 1 : Math.floor(hi);
  const asked = context.reach === 'far' ? lowest * 2 : lowest;
  return lowest > highest ? null : Math.min(asked, highest);
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

/** Selectors inside an expression. */
export function selectorsIn(expr: Expr): Extract<Expr, { kind: 'selector' }>[] {
  return [...walk(expr)].filter((node) => node.kind === 'selector');
}
