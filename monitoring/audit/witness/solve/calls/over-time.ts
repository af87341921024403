import { ANY, contains, isEmpty, mapped, pick } from '../../model/interval.ts';
import type { CallSolver } from '../calls.ts';
import { setLevel, setToggle } from '../leaf.ts';
import type { Solver } from '../solver.ts';

type Range = Parameters<CallSolver>[1]['args'][number] | undefined;

/** Of a signal that stays at a level, the function gives the level times this. */
function steady(times: (solver: Solver, range: Range) => number): CallSolver {
  return (solver, { args }, want, context) => {
    const range = args.find(({ kind }) => kind === 'matrix' || kind === 'subquery');
    const factor = times(solver, range);
    const asked = want.map((one) => mapped(one, (value) => value / factor));
    if (asked.some(isEmpty)) return false;
    const nearby = { ...context, prefer: context.prefer / factor };
    if (range?.kind === 'subquery') return solver.solve(range.expr, asked, nearby);
    return range?.kind === 'matrix' && setLevel(solver, range.selector, asked, nearby, range.range.ms);
  };
}

/** How many samples a window holds. */
function samples(solver: Solver, range: Range): number {
  if (range?.kind !== 'matrix' && range?.kind !== 'subquery') return 1;
  const step = range.kind === 'subquery' ? range.step?.ms || solver.clock.evaluationMs : solver.clock.intervalMs;
  return Math.floor(range.range.ms / step) + (solver.clock.leftOpen ? 0 : 1);
}

const present: CallSolver = (solver, { args: [range] }, want, context) => {
  if (!want.every((one) => contains(one, 1))) return false;
  if (range?.kind === 'subquery') return solver.exist(range.expr, context);
  return range?.kind === 'matrix' && solver.exist(range.selector, context);
};

/** As many samples as there are, or fewer: only every so-manieth. */
const count: CallSolver = (solver, call, want, context) => {
  const [range] = call.args;
  if (range?.kind === 'subquery') return solver.exist(range.expr, context);
  if (range?.kind !== 'matrix' || !solver.exist(range.selector, context)) return false;
  if (solver.satisfied(call, want, context)) return true;
  for (let every = 2; every * solver.clock.intervalMs <= range.range.ms * 2; every += 1) {
    for (const series of solver.pool.of(range.selector, context.only)) {
      series.signal = [{ ...series.signal[0], sparseMs: every * solver.clock.intervalMs }];
    }
    if (solver.satisfied(call, want, context)) return true;
  }
  return false;
};

/** Half the samples up, half of them down. */
function deviation(distance: (target: number) => number): CallSolver {
  return (solver, call, want, context) => {
    const [range] = call.args;
    const target = pick(want.at(-1) ?? ANY, context.prefer, context.reach);
    if (target === null || target < 0 || range === undefined) return false;
    if (range.kind === 'matrix') {
      for (const stretch of [1, 1.1, 0.9, 1.3]) {
        setToggle(solver, range.selector, context, distance(target) * stretch, solver.clock.intervalMs, 100);
        if (solver.satisfied(call, want, context)) return true;
      }
    }
    return false;
  };
}

const one = steady(() => 1);

export const OVER_TIME: Readonly<Record<string, CallSolver>> = {
  avg_over_time: one,
  min_over_time: one,
  max_over_time: one,
  first_over_time: one,
  last_over_time: one,
  quantile_over_time: one,
  holt_winters: one,
  double_exponential_smoothing: one,
  sum_over_time: steady(samples),
  count_over_time: count,
  present_over_time: present,
  stddev_over_time: deviation((target) => 2 * target),
  stdvar_over_time: deviation((target) => 2 * Math.sqrt(target)),
  mad_over_time: deviation((target) => 2 * target),
};
