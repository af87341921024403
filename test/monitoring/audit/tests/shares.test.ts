import { expect, test } from 'vitest';
import type { TrialSource } from '../../../../monitoring/audit/tests/trial.ts';
import { shares } from '../../../../monitoring/audit/tests/trials/shares.ts';
import type { Witness, WitnessSeries } from '../../../../monitoring/audit/witness/types.ts';
import { mutable } from '../mutants/support.ts';

function up(value: number): WitnessSeries {
  return { labels: { __name__: 'up', job: 'api' }, segments: [{ fromMs: 0, value, slopePerSecond: 0 }] };
}

function titles(expr: string, healthy: readonly WitnessSeries[] = [up(1)]): string[] {
  const witness = {
    series: [up(0)],
    healthy: { series: healthy, description: 'calm' },
    near: null,
    endMs: 0,
    fireAtMs: 0,
  } as unknown as Witness;
  const source: TrialSource = { rule: mutable(expr), witness, edges: [] };
  return shares.trials(source, []).map(({ title, series }) => {
    const faulty = series.filter(({ segments }) => segments[0]?.value === 0).length;
    expect(title).toBe(`${faulty} of ${series.length} series with the fault`);
    expect(new Set(series.map(({ labels }) => JSON.stringify(labels))).size).toBe(series.length);
    return `${faulty}/${series.length}`;
  });
}

test.each([
  [
    'a ratio: at the limit, less than a hundredth over and under it',
    'count(up == 0) / count(up) > 0.5',
    ['1/2', '51/101', '50/101'],
  ],
  ['percent', '100 * (count(up == 0) / count(up)) > 25', ['1/4', '26/103', '25/101', '3/4']],
  ['a share that no few series have', 'count(up == 0) / count(up) > 0.001', []],
  ['nothing is counted', 'sum(up) / 0.5 > 1', []],
])('%s', (_, expr, expected) => {
  const found = titles(expr);
  for (const mixture of expected) expect(found).toContain(mixture);
  if (expected.length === 0) expect(found.filter((each) => Number(each.split('/')[0]) < 2)).toEqual([]);
});

test('there is no share where nobody knows the healthy state of a series', () => {
  expect(titles('count(up == 0) / count(up) > 0.5', [])).toEqual([]);
});
