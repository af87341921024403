/** An upper bound of a factor, and what sets it. */
export interface Limit {
  factor: number;
  reason: string;
}

export interface ChosenFactor {
  /** At least 1. */
  factor: number;
  limitedBy: string;
}

/** How much of the speed must be left by a factor that divides every duration. */
const EXACT_SHARE = 2 / 3;

/**
 * The largest whole factor within all limits; a somewhat smaller one where that leaves each duration in whole milliseconds. Under 2, where
 * whole numbers would give up half the speed, it has a decimal.
 * @param limits at least one.
 * @param durationsMs what will be divided by it, each above 0.
 */
export function chooseFactor(limits: readonly Limit[], durationsMs: readonly number[]): ChosenFactor {
  const tightest = limits.reduce((least, limit) => (limit.factor < least.factor ? limit : least));
  return { factor: Math.max(1, roundedFactor(tightest.factor, durationsMs)), limitedBy: tightest.reason };
}

function roundedFactor(limit: number, durationsMs: readonly number[]): number {
  const largest = Math.floor(limit);
  if (largest < 2) return Math.floor(limit * 10) / 10;
  const common = durationsMs.reduce(greatestCommonDivisor, 0);
  for (let factor = largest; factor >= limit * EXACT_SHARE; factor--) if (common % factor === 0) return factor;
  return largest;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
