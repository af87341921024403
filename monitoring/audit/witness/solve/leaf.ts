import type { VectorSelector } from '../../../promql/ast.ts';
import { contains, type Interval, intersect, isEmpty, pick } from '../model/interval.ts';
import { constant, continuous, line, type Signal, valueAt, withRegion } from '../model/signal.ts';
import type { Context, Want } from './context.ts';
import type { Solver } from './solver.ts';
import type { SolvedSeries } from './state.ts';

function whole(want: Want): Interval {
  return want.reduce((a, b) => intersect(a, b));
}

/** The stretch of time in which a selector looks at its series during the alert, or all time. */
function regionOf(solver: Solver, { offset, at }: VectorSelector, rangeMs: number): { from: number; to: number } {
  if (!solver.regional) return { from: 0, to: Infinity };
  const [start = 0] = solver.times;
  const end = solver.times.at(-1) ?? start;
  const shift = offset?.ms ?? 0;
  if (typeof at === 'number') return { from: at * 1_000 - shift - rangeMs, to: at * 1_000 - shift };
  return { from: start - shift - rangeMs, to: shift > 0 ? end - shift : Infinity };
}

/** Gives the series of a selector a level within what is wanted at each reference time. */
export function setLevel(
  solver: Solver,
  selector: VectorSelector,
  want: Want,
  context: Context,
  rangeMs: number,
): boolean {
  const series = solver.pool.of(selector, context.only);
  if (series.length === 0) return false;
  for (const one of series) if (!setLevelOf(solver, one, selector, want, context, rangeMs)) return false;
  return true;
}

function setLevelOf(
  solver: Solver,
  series: SolvedSeries,
  selector: VectorSelector,
  want: Want,
  context: Context,
  rangeMs: number,
): boolean {
  const joint =
    series.levelWant === null || solver.regional
      ? want
      : want.map((one, index) => intersect(one, series.levelWant?.[index] ?? one));
  const target = joint.some(isEmpty) ? want : joint;
  series.levelWant = target;
  series.present = true;
  const { from, to } = regionOf(solver, selector, rangeMs);
  const shift = selector.offset?.ms ?? 0;
  const end = (solver.times.at(-1) ?? 0) - shift;
  const constantWant = whole(target);
  const slope = series.slopeWant === null ? 0 : solver.slopeOf(series);
  if (slope !== 0) {
    const value = pick(target.at(-1) ?? constantWant, context.prefer, context.reach);
    if (value === null) return false;
    series.signal = line(value, slope, end);
    return true;
  }
  const value = isEmpty(constantWant) ? null : pick(constantWant, context.prefer, context.reach);
  if (value !== null) {
    series.signal =
      to === Infinity && from <= 0 ? constant(value) : withRegion(series.signal, from, to, { value, slope: 0 });
    return true;
  }
  return track(solver, series, target, shift, context);
}

/** No level serves for the whole time: a straight line from what is wanted first to what is wanted last. */
function track(solver: Solver, series: SolvedSeries, want: Want, shift: number, context: Context): boolean {
  const [first] = want;
  const last = want.at(-1);
  const [start = 0] = solver.times;
  const end = solver.times.at(-1) ?? start;
  if (first === undefined || last === undefined || end === start) return false;
  const a = pick(first, context.prefer, context.reach);
  const b = pick(last, context.prefer, context.reach);
  if (a === null || b === null) return false;
  series.signal = line(b, ((b - a) / (end - start)) * 1_000, end - shift);
  return true;
}

export interface SlopeOptions {
  /** It counts: it may not fall, and goes on where it was. */
  readonly counter: boolean;
  readonly rangeMs: number;
}

/** Gives the series of a selector a slope per second within what is wanted at every reference time. */
export function setSlope(
  solver: Solver,
  selector: VectorSelector,
  want: Want,
  context: Context,
  { counter, rangeMs }: SlopeOptions,
): boolean {
  const series = solver.pool.of(selector, context.only);
  if (series.length === 0) return false;
  const asked = counter ? intersect(whole(want), { lo: 0, hi: Infinity, loOpen: false, hiOpen: false }) : whole(want);
  if (isEmpty(asked)) return false;
  for (const one of series) {
    const joint = one.slopeWant === null || solver.regional ? asked : intersect(asked, one.slopeWant);
    one.slopeWant = isEmpty(joint) ? asked : joint;
    const slope = pick(one.slopeWant, context.prefer, context.reach);
    if (slope === null) return false;
    const wasPresent = one.present;
    one.present = true;
    one.counter ||= counter;
    const { from, to } = regionOf(solver, selector, rangeMs);
    const end = (solver.times.at(-1) ?? 0) - (selector.offset?.ms ?? 0);
    if (to !== Infinity || from > 0) {
      const base: Signal = wasPresent ? one.signal : line(0, context.prefer);
      const changed = withRegion(base, from, to, { value: valueAt(base, Math.max(0, from)), slope });
      one.signal = continuous(changed);
    } else if (one.levelWant !== null && !counter) {
      one.signal = line(valueAt(one.signal, end) ?? 0, slope, end);
    } else {
      one.signal = slope < 0 ? line(100, slope, end) : line(0, slope);
    }
  }
  return true;
}

/** Lets the series of a selector go up and down: by `by`, every `everyMs`. */
export function setToggle(
  solver: Solver,
  selector: VectorSelector,
  context: Context,
  by: number,
  everyMs: number,
  level: number | null = null,
): boolean {
  const series = solver.pool.of(selector, context.only);
  for (const one of series) {
    const value = level ?? (one.levelWant === null ? 0 : (valueAt(one.signal, 0) ?? 0));
    one.present = true;
    // Both ends of the movement stay within what was asked of the level.
    const fits = one.levelWant === null || one.levelWant.every((want) => contains(want, value + by));
    one.signal = [{ fromMs: 0, value, slope: 0, toggle: { by: fits ? by : -by, everyMs } }];
  }
  return series.length > 0;
}
