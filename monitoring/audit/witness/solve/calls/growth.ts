import { isEmpty, mapped } from '../../model/interval.ts';
import type { CallSolver } from '../calls.ts';
import type { Want } from '../context.ts';
import { setSlope } from '../leaf.ts';
import type { Solver } from '../solver.ts';

/** A function of the change over a window. `seconds`: what its value is divided by to give the change per second. */
function growth(counter: boolean, seconds: (rangeMs: number, solver: Solver) => number): CallSolver {
  return (solver, { args: [range] }, want, context) => {
    if (range?.kind !== 'matrix' && range?.kind !== 'subquery') return false;
    const divisor = seconds(range.range.ms, solver);
    const asked: Want = want.map((one) => mapped(one, (value) => value / divisor));
    if (context.slope || asked.some(isEmpty)) return false;
    const free = asked.every(({ lo, hi }) => lo === -Infinity && hi === Infinity);
    if (range.kind === 'subquery')
      return solver.solve(range.expr, asked, { ...context, slope: true, prefer: free ? 0.1 : context.prefer });
    // A slope that is a whole number of units a sample reads best.
    const prefer = free ? context.prefer : 60_000 / solver.clock.intervalMs / 60;
    return setSlope(solver, range.selector, asked, { ...context, prefer }, { counter, rangeMs: range.range.ms });
  };
}

const perSecond = () => 1;
const perWindow = (rangeMs: number) => rangeMs / 1_000;
const perSample = (_: number, solver: Solver) => solver.clock.intervalMs / 1_000;

export const GROWTH: Readonly<Record<string, CallSolver>> = {
  rate: growth(true, perSecond),
  irate: growth(true, perSecond),
  increase: growth(true, perWindow),
  delta: growth(false, perWindow),
  idelta: growth(false, perSample),
  deriv: growth(false, perSecond),
};
