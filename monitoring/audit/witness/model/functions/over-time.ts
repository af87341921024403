import type { FunctionModel } from '../functions.ts';
import { unnamed } from '../vector.ts';
import { overRange } from './counters.ts';

type Values = readonly number[];

function ofValues(f: (values: Values) => number): FunctionModel {
  return overRange((points) => f(points.map(([, value]) => value)));
}

export function sum(values: Values): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: Values): number {
  return sum(values) / values.length;
}

export function variance(values: Values): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}

/** Prometheus's quantile: linear between the ranks, infinite outside 0 to 1. */
export function quantile(share: number, values: Values): number {
  if (values.length === 0 || Number.isNaN(share)) return Number.NaN;
  if (share < 0) return -Infinity;
  if (share > 1) return Infinity;
  const sorted = values.toSorted((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const low = Math.max(0, Math.floor(rank));
  const high = Math.min(sorted.length - 1, low + 1);
  const weight = rank - Math.floor(rank);
  return (sorted[low] ?? Number.NaN) * (1 - weight) + (sorted[high] ?? Number.NaN) * weight;
}

const quantileOverTime: FunctionModel = (call, tMs, evaluator) => {
  const share = evaluator.scalar(call.args[0], tMs);
  return ofValues((values) => quantile(share, values))(call, tMs, evaluator);
};

/** Double exponential smoothing with its two factors. */
const smoothing: FunctionModel = (call, tMs, evaluator) => {
  const [range, first, second] = call.args;
  const sf = evaluator.scalar(first, tMs);
  const tf = evaluator.scalar(second, tMs);
  return evaluator.range(range, tMs).series.flatMap(({ labels, points }) => {
    const values = points.map(([, value]) => value);
    if (values.length < 2) return [];
    let level = values[0] ?? 0;
    let trend = (values[1] ?? 0) - level;
    for (const value of values.slice(1)) {
      const next = sf * value + (1 - sf) * (level + trend);
      trend = tf * (next - level) + (1 - tf) * trend;
      level = next;
    }
    return [{ labels: unnamed(labels), value: level }];
  });
};

export const OVER_TIME: Readonly<Record<string, FunctionModel>> = {
  avg_over_time: ofValues(mean),
  sum_over_time: ofValues(sum),
  min_over_time: ofValues((values) => Math.min(...values)),
  max_over_time: ofValues((values) => Math.max(...values)),
  count_over_time: ofValues((values) => values.length),
  first_over_time: ofValues((values) => values[0] ?? Number.NaN),
  last_over_time: ofValues((values) => values.at(-1) ?? Number.NaN),
  present_over_time: ofValues(() => 1),
  stdvar_over_time: ofValues(variance),
  stddev_over_time: ofValues((values) => Math.sqrt(variance(values))),
  mad_over_time: ofValues((values) => {
    const middle = quantile(0.5, values);
    return quantile(
      0.5,
      values.map((value) => Math.abs(value - middle)),
    );
  }),
  quantile_over_time: quantileOverTime,
  holt_winters: smoothing,
  double_exponential_smoothing: smoothing,
};
