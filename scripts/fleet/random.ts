import type { Distribution } from '../../thresholds/model.ts';

/** A number from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** The 95th percentile of the standard normal distribution. */
const Z_95 = 1.6448536269514722;

/** A fast repeatable source of random numbers (mulberry32): good enough for traffic, not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Draws from the lognormal distribution that has this median and 95th percentile, in their unit. */
export function lognormal({ median, p95 }: Distribution, random: Random): () => number {
  const mu = Math.log(median);
  const sigma = Math.max(0, Math.log(p95 / median) / Z_95);
  return () => Math.exp(mu + sigma * standardNormal(random));
}

/** Box and Muller's transform. */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
