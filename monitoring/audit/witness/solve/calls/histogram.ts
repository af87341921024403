import type { Expr } from '../../../../promql/ast.ts';
import { ANY, type Interval, intersect, isEmpty, pick, point } from '../../model/interval.ts';
import type { CallSolver } from '../calls.ts';
import { anything, type Context } from '../context.ts';
import type { Solver } from '../solver.ts';

/** All observations in one bucket: its bounds follow from the quantile that is wanted. */
const histogramQuantile: CallSolver = (solver, call, want, context) => {
  const [shareArg, buckets] = call.args;
  if (shareArg === undefined || buckets === undefined) return false;
  const id = bucketClass(solver, buckets);
  if (id === null) return solver.exist(buckets, context);
  const share = solver.evaluator.scalar(shareArg, solver.times.at(-1) ?? 0);
  const wanted = want.reduce(
    (a, b) => ({
      lo: Math.max(a.lo, b.lo),
      hi: Math.min(a.hi, b.hi),
      loOpen: a.loOpen || b.loOpen,
      hiOpen: a.hiOpen || b.hiOpen,
    }),
    ANY,
  );
  const positive = intersect(wanted, { ...ANY, lo: 0, loOpen: true });
  const usable = isEmpty(positive) ? wanted : positive;
  const target = isEmpty(usable) ? null : pick(usable, Math.max(context.prefer, 0), context.reach);
  if (target === null) return false;
  for (const bounds of layouts(solver, id, target, share, wanted)) {
    if (fill(solver, buckets, id, bounds, context) && solver.satisfied(call, want, context)) return true;
  }
  return false;
};

interface Layout {
  readonly bounds: readonly number[];
  /** All observations are at most this bound and above the one before. */
  readonly full: number;
}

/** Bounds such that the quantile comes out as wanted: first those that are there already, then new ones. */
function layouts(solver: Solver, id: number, target: number, share: number, wanted: Interval): Layout[] {
  const present = (solver.choice.get(id) ?? [])
    .map(Number)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const kept = present.length < 2 ? [] : present.map((full) => ({ bounds: present, full }));
  const positive = target > 0 ? target : 1;
  const exact = positive / (0.5 + 0.5 * Math.min(1, Math.max(0, share)));
  const upper = wanted.hi === Infinity ? niceAbove(exact) : exact;
  const around = (bound: number): Layout => ({
    bounds: [bound / 4, bound / 2, bound, bound * 2].map(tidy),
    full: tidy(bound),
  });
  return [...kept, around(upper), around(exact), around(2 * positive)];
}

function niceAbove(value: number): number {
  const scale = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 2, 2.5, 5, 10]) if (step * scale >= value * 0.999_999) return step * scale;
  return value;
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function fill(solver: Solver, buckets: Expr, id: number, { bounds, full }: Layout, context: Context): boolean {
  const values = [...bounds.map((bound) => String(bound)), '+Inf'];
  const present = solver.choice.get(id) ?? [];
  if (values.some((value) => !present.includes(value)) && !solver.fanOut(id, values)) return false;
  const busy = { ...context, prefer: context.prefer > 0 ? 10 : 10, reach: 'clear' as const };
  return values.every((value) => {
    const level = value === '+Inf' || Number(value) >= full ? 10 : 0;
    const inside = { ...busy, only: new Map([...context.only, [id, value]]) };
    return solver.solve(
      buckets,
      anything(solver.times).map(() => point(level)),
      inside,
    );
  });
}

/** The class of the labels `le` of a vector of buckets; null when it is fixed by a matcher or there is none. */
function bucketClass(solver: Solver, buckets: Expr): number | null {
  const term = solver.space.outputs.get(buckets)?.get('le');
  return term?.kind === 'variable' ? solver.space.root(term.id) : null;
}

export const HISTOGRAM: Readonly<Record<string, CallSolver>> = { histogram_quantile: histogramQuantile };
