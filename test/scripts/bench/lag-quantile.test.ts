import { expect, it } from 'vitest';
import { createLagHistogram } from '../../../probes/schedule/lag-histogram.ts';
import { lagQuantile } from '../../../scripts/bench/lag-quantile.ts';

function quantileOf(seconds: number[], quantile: number): number {
  const lag = createLagHistogram();
  for (const each of seconds) lag.observe(each);
  return lagQuantile([...lag.counts], quantile);
}

it.each([
  ['lies on the bound of the bucket that the last of them fills', [0.0005, 0.0007], 1, 0.001],
  ['lies straight between the bounds', [0.0005, 0.002, 0.003, 0.004, 0.005], 0.6, 0.003],
  ['of 99 quick starts and a slow one is quick', [...new Array(99).fill(0.0005), 3], 0.99, 0.001],
  ['of 98 quick starts and two slow ones is slow', [...new Array(98).fill(0.0005), 3, 3], 0.99, 3],
  ['beyond the last bound is unknown, and over every limit', [9], 0.99, Number.POSITIVE_INFINITY],
  ['of nothing is nothing', [], 0.99, Number.NaN],
])('the quantile of start lags %s', (_, seconds, quantile, expected) => {
  expect(Number(quantileOf(seconds, quantile).toFixed(9))).toBe(expected);
});
