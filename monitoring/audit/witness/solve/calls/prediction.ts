import { ANY, pick, point } from '../../model/interval.ts';
import { line, valueAt } from '../../model/signal.ts';
import type { CallSolver } from '../calls.ts';
import { setLevel } from '../leaf.ts';

/** Keeps the value at the end and turns the line so that it meets what is predicted. */
const predictLinear: CallSolver = (solver, call, want, context) => {
  const [range, ahead] = call.args;
  if (range?.kind === 'subquery') return predictSubquery(solver, call, want, context);
  if (range?.kind !== 'matrix' || ahead === undefined) return false;
  const end = (solver.times.at(-1) ?? 0) - (range.selector.offset?.ms ?? 0);
  const seconds = solver.evaluator.scalar(ahead, end);
  const target = pick(want.at(-1) ?? ANY, context.prefer, context.reach);
  if (target === null) return false;
  const series = solver.pool.of(range.selector, context.only);
  for (const one of series) {
    const fixed = one.present && one.levelWant !== null;
    const level = fixed ? (valueAt(one.signal, end) ?? 1) : Math.max(1, Math.abs(target) / 2);
    const slope = seconds === 0 ? 0 : (target - level) / seconds;
    one.present = true;
    one.signal = line(level, slope, end);
    one.slopeWant = point(slope);
  }
  return series.length > 0 && (seconds !== 0 || setLevel(solver, range.selector, want, context, 0));
};

/** Over a subquery the inner expression gets the slope. */
const predictSubquery: CallSolver = (solver, call, want, context) => {
  const [range, ahead] = call.args;
  if (range?.kind !== 'subquery' || ahead === undefined) return false;
  const seconds = solver.evaluator.scalar(ahead, solver.times.at(-1) ?? 0);
  const target = pick(want.at(-1) ?? ANY, context.prefer, context.reach);
  if (target === null || !solver.exist(range.expr, context)) return false;
  const level = solver.readAt(range.expr, solver.times.at(-1) ?? 0, context) ?? 1;
  const slope = point((target - level) / seconds);
  return solver.solve(
    range.expr,
    want.map(() => slope),
    { ...context, slope: true },
  );
};

export const PREDICTION: Readonly<Record<string, CallSolver>> = { predict_linear: predictLinear };
