import { contains, pick } from '../../model/interval.ts';
import type { CallSolver } from '../calls.ts';
import { setToggle } from '../leaf.ts';
import type { Solver } from '../solver.ts';

/** Ups and downs so often that a window holds about as many as wanted; `perPeriod` of them count in one up and down. */
function often(perPeriod: number): CallSolver {
  return (solver, call, want, context) => {
    const [range] = call.args;
    if (range?.kind === 'subquery') return oftenInside(solver, call, want, context, perPeriod);
    if (range?.kind !== 'matrix') return false;
    if (
      want.every((one) => contains(one, 0)) &&
      solver.exist(range.selector, context) &&
      solver.satisfied(call, want, context)
    )
      return true;
    const target = pick(want.at(-1) ?? { lo: 1, hi: 1, loOpen: false, hiOpen: false }, 1, context.reach);
    if (target === null) return false;
    const { intervalMs } = solver.clock;
    const ideal = (range.range.ms * perPeriod) / (2 * Math.max(1, target));
    for (const everyMs of [ideal, ideal * 0.8, ideal * 0.6, ideal / 2, intervalMs, ideal * 1.25, ideal * 1.5]) {
      const whole = Math.max(intervalMs, Math.floor(everyMs / intervalMs) * intervalMs);
      for (const by of [1, -1]) {
        setToggle(solver, range.selector, context, by, whole);
        if (solver.satisfied(call, want, context)) return true;
      }
    }
    return false;
  };
}

/** Over a subquery of a plain selector, or of a comparison with bool on one, the selector itself goes up and down. */
function oftenInside(
  solver: Solver,
  call: Parameters<CallSolver>[1],
  want: Parameters<CallSolver>[2],
  context: Parameters<CallSolver>[3],
  perPeriod: number,
): boolean {
  const [range] = call.args;
  if (range?.kind !== 'subquery') return false;
  if (!solver.exist(range.expr, context)) return false;
  if (solver.satisfied(call, want, context)) return true;
  const step = range.step?.ms || solver.clock.evaluationMs;
  const target = pick(want.at(-1) ?? { lo: 1, hi: 1, loOpen: false, hiOpen: false }, 1, context.reach);
  if (target === null) return false;
  for (const series of solver.pool.all.filter(({ present }) => present)) {
    const before = series.signal;
    for (const by of [1, -1, 100, -100]) {
      for (const everyMs of [step, (range.range.ms * perPeriod) / (2 * Math.max(1, target)), step * 2]) {
        const whole = Math.max(step, Math.floor(everyMs / step) * step);
        series.signal = [{ ...before[0], slope: 0, value: before[0].value ?? 0, toggle: { by, everyMs: whole } }];
        if (solver.satisfied(call, want, context)) return true;
      }
    }
    series.signal = before;
  }
  return false;
}

export const CHANGES: Readonly<Record<string, CallSolver>> = { changes: often(2), resets: often(1) };
