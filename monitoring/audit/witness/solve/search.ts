import type { Signal } from '../model/signal.ts';
import type { Context } from './context.ts';
import { presentAll } from './present.ts';
import type { Solver } from './solver.ts';

/** No round numbers: on a limit itself, rounding would decide. */
const SIZES = [1.5, 7, 30, 150, 1_500, 150_000, 1.5e8];
const FEW_SERIES = 6;

/** Signals of every kind: levels, ramps both ways, ups and downs, rare samples. */
function* library({ clock, times }: Solver): Generator<Signal> {
  const end = times.at(-1) ?? 0;
  for (const size of [0, ...SIZES, -1]) yield [{ fromMs: 0, value: size, slope: 0 }];
  for (const size of SIZES) {
    for (const everyMs of [clock.intervalMs, clock.intervalMs * 4]) {
      yield [{ fromMs: 0, value: 0, slope: 0, toggle: { by: size, everyMs } }];
    }
    for (const perHour of [size, -size]) {
      const slope = perHour / 3_600;
      yield [{ fromMs: 0, value: slope > 0 ? 0 : (-slope * end) / 1_000 + 1, slope }];
    }
    yield [
      { fromMs: 0, value: 0, slope: 0 },
      { fromMs: Math.max(1, times[0] ?? 1), value: size, slope: 0 },
    ];
  }
  for (const sparseMs of [120_000, 240_000, 300_000]) yield [{ fromMs: 0, value: 1, slope: 0, sparseMs }];
}

/** Tries signals on one series, then on two at a time, until the expression holds throughout. */
export function searchSignals(solver: Solver, context: Context): boolean {
  presentAll(solver, context);
  const series = solver.pool.all.filter(({ present }) => present).slice(0, FEW_SERIES);
  const moments = evaluations(solver);
  const holds = () => moments.every((time) => solver.readAt(solver.expr, time, context) !== null);
  const near = () => holds() || (solver.times[0] === solver.times.at(-1) && holdsSoon(solver, context));
  for (const one of series) {
    const before = one.signal;
    for (const signal of library(solver)) {
      one.signal = signal;
      if (near()) return true;
    }
    one.signal = before;
  }
  for (const one of series) {
    for (const other of series) {
      if (one === other) continue;
      const before = [one.signal, other.signal] as const;
      for (const signal of library(solver)) {
        one.signal = signal;
        for (const second of library(solver)) {
          other.signal = second;
          if (holds()) return true;
        }
      }
      [one.signal, other.signal] = before;
    }
  }
  return false;
}

/** Evaluations during the alert: both ends first, then some between, so that no rhythm passes for a state. */
function evaluations({ times, clock }: Solver): number[] {
  const [start = 0] = times;
  const end = times.at(-1) ?? start;
  const count = Math.round((end - start) / clock.evaluationMs);
  const stride = Math.max(1, Math.floor(count / 8));
  const between = Array.from(
    { length: Math.max(0, Math.ceil(count / stride) - 1) },
    (_, index) => start + (index + 1) * stride * clock.evaluationMs,
  );
  return [...new Set([start, end, ...between])];
}

/** Without a `for`, any evaluation will do. */
function holdsSoon(solver: Solver, context: Context): boolean {
  const [start = 0] = solver.times;
  return [1, 2, 3].some(
    (back) => solver.readAt(solver.expr, Math.max(0, start - back * solver.clock.evaluationMs), context) !== null,
  );
}
