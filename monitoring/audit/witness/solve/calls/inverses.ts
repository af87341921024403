import { NUMERIC } from '../../model/functions/math.ts';
import { ANY, between, contains, type Interval, intersect, isEmpty, mapped } from '../../model/interval.ts';
import { tried } from '../arithmetic.ts';
import type { CallSolver } from '../calls.ts';
import type { Solver } from '../solver.ts';

type Inverse = (want: Interval, parameters: readonly number[]) => Interval;

const POSITIVE: Interval = { ...ANY, lo: 0 };

/** Whole numbers of the interval; rounding to them leaves them as they are. */
const rounded: Inverse = (want, [to = 1]) => {
  const lo = want.lo === -Infinity ? -Infinity : Math.ceil(want.lo / to) * to;
  const hi = want.hi === Infinity ? Infinity : Math.floor(want.hi / to) * to;
  const inside = { lo: want.loOpen && lo === want.lo ? lo + to : lo, hi: want.hiOpen && hi === want.hi ? hi - to : hi };
  return between(inside.lo, inside.hi);
};

const bounded: Inverse = (want) => want;

const EXACT: Readonly<Record<string, Inverse>> = {
  abs: (want) => intersect(want, POSITIVE),
  ceil: rounded,
  floor: rounded,
  round: rounded,
  exp: (want) => mapped(intersect(want, POSITIVE), Math.log),
  ln: (want) => mapped(want, Math.exp),
  log2: (want) => mapped(want, (value) => 2 ** value),
  log10: (want) => mapped(want, (value) => 10 ** value),
  sqrt: (want) => mapped(intersect(want, POSITIVE), (value) => value * value),
  sgn: (want) =>
    contains(want, 1)
      ? { ...POSITIVE, loOpen: true }
      : contains(want, 0)
        ? between(0, 0)
        : { ...ANY, hi: 0, hiOpen: true },
  deg: (want) => mapped(want, (value) => (value * Math.PI) / 180),
  rad: (want) => mapped(want, (value) => (value * 180) / Math.PI),
  clamp: bounded,
  clamp_min: bounded,
  clamp_max: bounded,
};

function parametersOf(solver: Solver, args: Parameters<CallSolver>[1]['args']): number[] {
  return args.slice(1).map((arg) => solver.evaluator.scalar(arg, solver.times.at(-1) ?? 0));
}

function inverse(name: string): CallSolver {
  const f = NUMERIC[name];
  return (solver, call, want, context) => {
    const [inner] = call.args;
    if (inner === undefined || f === undefined) return false;
    const parameters = parametersOf(solver, call.args);
    const exact = EXACT[name];
    const asked = want.map((one) => exact?.(one, parameters) ?? tried((value) => f(value, parameters), one));
    if (!asked.some(isEmpty) && solver.solve(inner, asked, context) && solver.satisfied(call, want, context))
      return true;
    const searched = want.map((one) => tried((value) => f(value, parameters), one));
    return !searched.some(isEmpty) && solver.solve(inner, searched, context);
  };
}

const HOUR_S = 3_600;

/** A calendar function of a value: a date of the year 2024 for which it serves. */
function dated(read: (seconds: number) => number): CallSolver {
  return (solver, { args: [inner] }, want, context) => {
    if (inner === undefined) return false;
    const start = Date.UTC(2024, 0, 1) / 1_000;
    for (let at = 0; at < 366 * 24; at += 1) {
      for (const minute of [0, 900, 1_800, 2_700]) {
        const seconds = start + at * HOUR_S + minute;
        if (!want.every((one) => contains(one, read(seconds)))) continue;
        return solver.solve(
          inner,
          want.map(() => between(seconds, seconds)),
          context,
        );
      }
    }
    return false;
  };
}

const date = (seconds: number) => new Date(seconds * 1_000);

export const INVERSES: Readonly<Record<string, CallSolver>> = {
  ...Object.fromEntries(Object.keys(NUMERIC).map((name) => [name, inverse(name)])),
  minute: dated((seconds) => date(seconds).getUTCMinutes()),
  hour: dated((seconds) => date(seconds).getUTCHours()),
  day_of_week: dated((seconds) => date(seconds).getUTCDay()),
  day_of_month: dated((seconds) => date(seconds).getUTCDate()),
  month: dated((seconds) => date(seconds).getUTCMonth() + 1),
  year: dated((seconds) => date(seconds).getUTCFullYear()),
};
