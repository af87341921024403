import { expect, test } from 'vitest';
import { binomialUpperTail } from '../../../thresholds/judge/binomial.ts';

/** The definition, with exact binomial coefficients in big integers. */
function byDefinition(k: number, n: number, q: number): number {
  let sum = 0;
  let coefficient = 1n;
  for (let i = 0; i <= n; i += 1) {
    if (i >= k) sum += Number(coefficient) * q ** i * (1 - q) ** (n - i);
    coefficient = (coefficient * BigInt(n - i)) / BigInt(i + 1);
  }
  return sum;
}

test.each([
  [0, 10, 0.5],
  [1, 10, 0.01],
  [3, 10, 0.3],
  [10, 10, 0.9],
  [6, 100, 0.05],
  [11, 100, 0.05],
  [4, 300, 0.01],
  [8, 300, 0.01],
  [300, 500, 0.5],
])('P(X >= %i) of %i trials at %f agrees with the definition', (k, n, q) => {
  expect(binomialUpperTail(k, n, q)).toBeCloseTo(byDefinition(k, n, q), 10);
});

test.each([
  ['nothing demanded is certain', 0, 5, 0.1, 1],
  ['more than there are is impossible', 6, 5, 0.1, 0],
  ['one bad of a promise of none is impossible', 1, 300, 0, 0],
  ['all of a sure thing is certain', 5, 5, 1, 1],
])('%s', (_, k, n, q, expected) => {
  expect(binomialUpperTail(k, n, q)).toBe(expected);
});

test('a million samples neither underflow nor take long', () => {
  expect(binomialUpperTail(50_000, 1_000_000, 0.05)).toBeCloseTo(0.5, 2);
  expect(binomialUpperTail(52_000, 1_000_000, 0.05)).toBeLessThan(1e-15);
  expect(binomialUpperTail(48_000, 1_000_000, 0.05)).toBeGreaterThan(1 - 1e-9);
});
