import { describe, expect, it } from 'vitest';
import { seriesName, seriesValues } from '../../../monitoring/audit/witness/series-text.ts';
import type { Segment } from '../../../monitoring/audit/witness/types.ts';

const MINUTE = 60_000;

function values(...segments: Segment[]): string {
  return seriesValues(segments, MINUTE, 10 * MINUTE);
}

describe('series in the notation of promtool', () => {
  it.each<[string, Segment[], string]>([
    ['a level', [{ fromMs: 0, value: 0.5, slopePerSecond: 0 }], '0.5x10'],
    ['a counter', [{ fromMs: 0, value: 0, slopePerSecond: 0.25 }], '0+15x10'],
    ['a falling gauge', [{ fromMs: 0, value: 100, slopePerSecond: -0.1 }], '100-6x10'],
    [
      'a step',
      [
        { fromMs: 0, value: 1, slopePerSecond: 0 },
        { fromMs: 5 * MINUTE, value: 0, slopePerSecond: 0 },
      ],
      '1x4 0x5',
    ],
    [
      'a series that ends',
      [
        { fromMs: 0, value: 1, slopePerSecond: 0 },
        { fromMs: 5 * MINUTE, value: null, slopePerSecond: 0 },
      ],
      '1x4 stale _x5',
    ],
    [
      'a series that begins late',
      [
        { fromMs: 0, value: null, slopePerSecond: 0 },
        { fromMs: 8 * MINUTE, value: 3, slopePerSecond: 0 },
      ],
      '_x8 3x2',
    ],
    [
      'ups and downs',
      [{ fromMs: 0, value: 0, slopePerSecond: 0, toggle: { by: 1, everySamples: 2 } }],
      '0 0 1 1 0 0 1 1 0 0 1',
    ],
    ['rare samples', [{ fromMs: 0, value: 7, slopePerSecond: 0, everySamples: 4 }], '7 _ _ _ 7 _ _ _ 7 _ _'],
    ['tiny numbers without exponents', [{ fromMs: 0, value: 1e-9, slopePerSecond: 0 }], '0.000000001x10'],
    ['huge numbers without exponents', [{ fromMs: 0, value: 1e24, slopePerSecond: 0 }], '999999999999999983222784x10'],
  ])('%s', (_, segments, text) => {
    expect(values(...segments)).toBe(text);
  });

  it('writes names and labels with what they need of quotes', () => {
    expect(seriesName({ labels: { __name__: 'up' } })).toBe('up');
    expect(seriesName({ labels: { __name__: 'up', job: 'a "b"\n\\c' } })).toBe('up{job="a \\"b\\"\\n\\\\c"}');
    expect(seriesName({ labels: { __name__: 'dotted.name', job: 'a' } })).toBe('{__name__="dotted.name", job="a"}');
  });
});
