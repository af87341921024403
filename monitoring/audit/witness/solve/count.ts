import type { Aggregation } from '../../../promql/ast.ts';
import { type Interval, isEmpty, point } from '../model/interval.ts';
import { gap } from './absent.ts';
import { anything, type Context, type Want } from './context.ts';
import { spreadClasses, valuesFor } from './fan-out.ts';
import type { Solver } from './solver.ts';

/** More elements than this are not solved one by one when copies of the first do not do. */
const MAX_ONE_BY_ONE = 12;

/** So many elements as wanted: more values of a label that the count takes together, or series that end. */
export function solveCount(solver: Solver, expr: Aggregation, want: Want, context: Context): boolean {
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
