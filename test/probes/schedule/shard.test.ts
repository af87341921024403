import { describe, expect, it } from 'vitest';
import { parseShard, shardOf } from '../../../probes/schedule/shard.ts';

const ids = Array.from({ length: 3_000 }, (_, index) => `system-${index % 7}/service-${index}`);

describe('a shard', () => {
  it.each([1, 2, 3, 5, 8])('of %i holds its share, and each target is in one', (count) => {
    const sizes = new Array<number>(count).fill(0);
    for (const id of ids) {
      const index = shardOf(id, count);
      expect(index).toBeGreaterThanOrEqual(0);
      expect(index).toBeLessThan(count);
      sizes[index] = (sizes[index] ?? 0) + 1;
    }
    const share = ids.length / count;
    for (const size of sizes) expect(Math.abs(size - share)).toBeLessThan(5 * Math.sqrt(share) + 1);
  });

  it('keeps its targets when one more comes, but for those that the new one takes', () => {
    const moved = ids.filter((id) => shardOf(id, 4) !== shardOf(id, 3));
    expect(moved.every((id) => shardOf(id, 4) === 3)).toBe(true);
    expect(moved.length / ids.length).toBeCloseTo(1 / 4, 1);
  });

  it('is the same on every machine and in every release', () => {
    expect(
      ids
        .slice(0, 12)
        .map((id) => shardOf(id, 3))
        .join(''),
    ).toMatchInlineSnapshot(`"010011200000"`);
  });

  it.each([
    ['0/1', { index: 0, count: 1 }],
    ['2/3', { index: 2, count: 3 }],
    ['3/3', null],
    ['1/0', null],
    ['1', null],
    ['a/b', null],
    ['-1/3', null],
  ])('is read from %s', (text, shard) => {
    expect(parseShard(text)).toEqual(shard);
  });
});
