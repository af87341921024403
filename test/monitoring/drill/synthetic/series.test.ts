import { expect, test } from 'vitest';
import type { Segment } from '../../../../monitoring/audit/witness/types.ts';
import { blend } from '../../../../monitoring/drill/synthetic/blend.ts';
import { samplesOf, samplesText } from '../../../../monitoring/drill/synthetic/sample.ts';

const flat = (fromMs: number, value: number | null): Segment => ({ fromMs, value, slopePerSecond: 0 });

test.each<[string, Segment[], string]>([
  ['a constant', [flat(0, 1)], '1x3'],
  ['a slope', [{ fromMs: 0, value: 0, slopePerSecond: 1 }], '0 60 120 180'],
  ['a series that ends', [flat(0, 1), flat(120_000, null)], '1x1 stale'],
  ['a series that comes late', [flat(0, null), flat(120_000, 2)], '_x2 2x1'],
  ['every other sample', [{ ...flat(0, 5), everySamples: 2 }], '5 _ 5'],
  ['a toggle', [{ ...flat(0, 1), toggle: { by: 1, everySamples: 2 } }], '1x1 2x1'],
])('%s in the notation of promtool', (_name, segments, expected) => {
  expect(samplesText(segments, 60_000, 3)).toBe(expected);
});

test('samples are numbered by their distance, and an end is marked once', () => {
  expect([...samplesOf([flat(0, 1), flat(100, null)], 50, 4)]).toEqual([
    [0, 1],
    [1, 1],
    [2, 'stale'],
  ]);
});

const series = (segments: Segment[]) => [{ labels: { __name__: 'x' }, segments }];

test('a gauge jumps to the fault and back', () => {
  const [blended] = blend(series([flat(0, 1)]), series([flat(0, 9)]), { onMs: 100, offMs: 200 }, () => false);
  expect(blended?.segments).toEqual([flat(0, 1), flat(100, 9), flat(200, 1)]);
});

test('a counter goes on where it was', () => {
  const slope = (slopePerSecond: number): Segment => ({ fromMs: 0, value: 0, slopePerSecond });
  const [blended] = blend(series([slope(1)]), series([slope(10)]), { onMs: 1_000, offMs: 2_000 }, () => true);
  expect(blended?.segments.map(({ value }) => value)).toEqual([0, 1, 11]);
});

test('a series that only the fault has comes and goes with it', () => {
  const [blended] = blend([], series([flat(0, 1)]), { onMs: 100, offMs: 200 }, () => false);
  expect(blended?.segments.map(({ value }) => value)).toEqual([null, 1, null]);
});
