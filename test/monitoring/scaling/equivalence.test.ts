import { expect, test } from 'vitest';
import { compareOnClocks } from './equivalence.ts';

test.each([
  ['60 times faster, a minute is a second', { gridMs: 60_000, factor: 60, lead: 0 }],
  ['300 times faster, from a later moment on', { gridMs: 60_000, factor: 300, lead: 90 }],
  ['37 times faster', { gridMs: 37_000, factor: 37, lead: 60 }],
])('original and scaled expressions agree in promtool: %s', async (_, clockwork) => {
  const { compared, withValue, rounded, refused, different } = await compareOnClocks(7, 80, clockwork);
  expect(different).toEqual([]);
  expect(refused).toEqual([]);
  // Otherwise nothing was compared with nothing.
  expect(withValue / compared).toBeGreaterThan(0.6);
  expect(rounded.length / compared).toBeLessThan(0.05);
});
