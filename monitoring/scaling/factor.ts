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

/** How much of the speed may be given up for a factor that divides every duration. */
const EXACT_SHARE = 0.5;
/** How much more for one that is a whole number, which is easier to read. */
const WHOLE_SHARE = 0.8;

/**
 * The largest factor within all limits. A somewhat smaller one is preferred where that leaves each duration in whole milliseconds.
 * @param limits at least one.
 * @param durationsMs what will be divided by it, each above 0.
 */
export function chooseFactor(limits: readonly Limit[], durationsMs: readonly number[]): ChosenFactor {
  const tightest = limits.reduce((least, limit) => (limit.factor < least.factor ? limit : least));
  if (tightest.factor <= 1) return { factor: 1, limitedBy: tightest.reason };
  return { factor: roundedFactor(tightest.factor, durationsMs), limitedBy: tightest.reason };
}

function roundedFactor(limit: number, durationsMs: readonly number[]): number {
  const common = durationsMs.reduce(greatestCommonDivisor, 0);
  const parts = Math.ceil(common / limit);
  const exact = common / parts;
  if (common >= 1 && exact >= limit * EXACT_SHARE && exact >= 1) {
    for (let more = parts; common / more >= Math.max(1, exact * WHOLE_SHARE); more++)
      if (common % more === 0) return common / more;
    return exact;
  }
  return limit >= 10 ? Math.floor(limit) : Math.max(1, Math.floor(limit * 10) / 10);
}

function greatestCommonDivisor(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
