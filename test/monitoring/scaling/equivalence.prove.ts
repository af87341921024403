import { expect, test } from 'vitest';
import { compareOnClocks } from './equivalence.ts';

/** As many as one process of promtool takes in a few seconds. */
const BATCH = 1_000;

test.each([
  [{ gridMs: 60_000, factor: 60, lead: 90 }],
  [{ gridMs: 60_000, factor: 300, lead: 90 }],
  [{ gridMs: 15_000, factor: 75, lead: 180 }],
  [{ gridMs: 37_000, factor: 37, lead: 60 }],
  [{ gridMs: 7_500, factor: 7.5, lead: 60 }],
  [{ gridMs: 61_000, factor: 122, lead: 60 }],
  [{ gridMs: 120_000, factor: 600, lead: 60 }],
])('thousands of random expressions agree on both clocks: %o', { timeout: 300_000 }, async (clockwork) => {
  for (const seed of [101, 102, 103]) {
    const { compared, withValue, rounded, refused, different } = await compareOnClocks(seed, BATCH, clockwork);
    expect(different).toEqual([]);
    expect(refused).toEqual([]);
    expect(withValue / compared).toBeGreaterThan(0.6);
    expect(rounded.length / compared).toBeLessThan(0.02);
  }
});
