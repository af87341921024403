import type { FunctionModel } from '../functions.ts';
import { type RangeElement, unnamed } from '../vector.ts';

type Points = RangeElement['points'];
type OverRange = (points: Points, fromMs: number, toMs: number) => number | null;

/** A function over a window that gives one value a series, or none. */
export function overRange(f: OverRange): FunctionModel {
  return (call, tMs, evaluator) => {
    const { series, fromMs, toMs } = evaluator.range(call.args.at(-1), tMs);
    return series.flatMap(({ labels, points }) => {
      const value = points.length === 0 ? null : f(points, fromMs, toMs);
      return value === null ? [] : [{ labels: unnamed(labels), value }];
    });
  };
}

/** Prometheus's extrapolation to the edges of the window. */
function extrapolated(
  points: Points,
  fromMs: number,
  toMs: number,
  counter: boolean,
  perSecond: boolean,
): number | null {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return null;
  let result = last[1] - first[1];
  if (counter) {
    for (let at = 1; at < points.length; at += 1) {
      const before = points[at - 1]?.[1] ?? 0;
      if ((points[at]?.[1] ?? 0) < before) result += before;
    }
  }
  const sampled = (last[0] - first[0]) / 1_000;
  const average = sampled / (points.length - 1);
  let toStart = (first[0] - fromMs) / 1_000;
  const toEnd = (toMs - last[0]) / 1_000;
  if (counter && result > 0 && first[1] >= 0) toStart = Math.min(toStart, sampled * (first[1] / result));
  const limit = average * 1.1;
  const whole = sampled + (toStart < limit ? toStart : average / 2) + (toEnd < limit ? toEnd : average / 2);
  const factor = whole / sampled;
  return (result * factor) / (perSecond ? (toMs - fromMs) / 1_000 : 1);
}

function instant(points: Points, perSecond: boolean, counter: boolean): number | null {
  const last = points.at(-1);
  const before = points.at(-2);
  if (last === undefined || before === undefined) return null;
  const change = counter && last[1] < before[1] ? last[1] : last[1] - before[1];
  return change / (perSecond ? (last[0] - before[0]) / 1_000 : 1);
}

/** Least squares: slope per second, and the value at `atMs`. */
export function regression(points: Points, atMs: number): { slope: number; intercept: number } | null {
  const [first] = points;
  if (first === undefined || points.length < 2) return null;
  let sumX = 0;
  let sumY = 0;
  let sumXY = 0;
  let sumXX = 0;
  for (const [t, v] of points) {
    const x = (t - atMs) / 1_000;
    sumX += x;
    sumY += v;
    sumXY += x * v;
    sumXX += x * x;
  }
  const n = points.length;
  const slope = (sumXY - (sumX * sumY) / n) / (sumXX - (sumX * sumX) / n);
  return { slope, intercept: sumY / n - (slope * sumX) / n };
}

function pairs(points: Points, holds: (before: number, after: number) => boolean): number {
  let count = 0;
  for (let at = 1; at < points.length; at += 1) if (holds(points[at - 1]?.[1] ?? 0, points[at]?.[1] ?? 0)) count += 1;
  return count;
}

const predict: FunctionModel = (call, tMs, evaluator) => {
  const seconds = evaluator.scalar(call.args[1], tMs);
  const { series } = evaluator.range(call.args[0], tMs);
  return series.flatMap(({ labels, points }) => {
    const found = regression(points, tMs);
    return found === null ? [] : [{ labels: unnamed(labels), value: found.intercept + found.slope * seconds }];
  });
};

export const COUNTERS: Readonly<Record<string, FunctionModel>> = {
  rate: overRange((points, from, to) => extrapolated(points, from, to, true, true)),
  increase: overRange((points, from, to) => extrapolated(points, from, to, true, false)),
  delta: overRange((points, from, to) => extrapolated(points, from, to, false, false)),
  irate: overRange((points) => instant(points, true, true)),
  idelta: overRange((points) => instant(points, false, false)),
  deriv: overRange((points) => regression(points, points[0]?.[0] ?? 0)?.slope ?? null),
  changes: overRange((points) => pairs(points, (before, after) => before !== after)),
  resets: overRange((points) => pairs(points, (before, after) => after < before)),
  predict_linear: predict,
};
