import { describe, expect, it } from 'vitest';
import { provenImpossible } from '../../../monitoring/audit/witness/impossible.ts';
import { parsePromql } from '../../../monitoring/promql/parse.ts';
import { SHAPES } from './shapes.ts';

function proof(text: string): { reason: string; part: string } | null {
  const result = parsePromql(text);
  if (!result.ok) throw new Error(`${text}: ${result.errors[0].message}`);
  const found = provenImpossible(result.expr);
  return found === null ? null : { reason: found.reason, part: text.slice(found.at.from, found.at.to) };
}

describe('an alert that can never fire is shown so', () => {
  it.each([
    ['no series is counted as zero', 'count(up == 0) == 0', 'count(up == 0) == 0'],
    ['contradictory limits', 'x > 5 and x < 3', 'x < 3'],
    ['contradictory limits in a chain', 'x > 5 < 3', 'x > 5 < 3'],
    ['le dropped before a quantile', 'histogram_quantile(0.9, sum(rate(a_bucket[5m]))) > 1', 'sum(rate(a_bucket[5m]))'],
    ['a sum of zeros', 'sum(x == 0) > 0', 'sum(x == 0) > 0'],
    ['a metric divided by itself', 'rate(x[5m]) / rate(x[5m]) > 1.5', 'rate(x[5m]) / rate(x[5m]) > 1.5'],
    ['sides with different values of a label', 'a{x="1"} / a{x="2"} > 1', 'a{x="1"} / a{x="2"}'],
    ['a label that one side has lost', 'sum(a) / on (job) sum by (job) (b) > 1', 'sum(a) / on (job) sum by (job) (b)'],
    ['a metric compared with itself', 'x > x', 'x > x'],
    ['all taken away again', 'x > 5 unless x', 'x > 5 unless x'],
    ['a matcher that refuses everything', 'x{a!~".*"} > 0', 'a!~".*"'],
    ['an hour that no day has', 'hour() > 24', 'hour() > 24'],
    ['both branches', '(a{x="1"} and a{x="2"}) or (b{x="1"} and b{x="2"})', 'a{x="1"} and a{x="2"}'],
  ])('%s', (_, text, part) => {
    expect(proof(text)?.part).toBe(part);
    expect(proof(text)?.reason).not.toBe('');
  });

  it.each([
    ['one branch is enough', '(a{x="1"} and a{x="2"}) or b > 1'],
    ['unless that never matches', 'a{x="1"} unless a{x="2"}'],
    ['a join on other labels', 'a{x="1"} / ignoring (x) a{x="2"} > 1'],
    ['a limit just inside', 'x >= 5 and x <= 5'],
    ['le kept', 'histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m]))) > 1'],
    ['absence of the impossible', 'absent(x > 5 < 3)'],
  ])('says nothing about %s', (_, text) => {
    expect(proof(text)).toBeNull();
  });

  it('says nothing about shapes that fire', () => {
    // Series without any label would match here, and no target writes such.
    const bare = '(vector(time()) - x_seconds) > 100';
    const all = Object.values(SHAPES).flat();
    expect(all.filter(({ expr }) => expr !== bare && proof(expr) !== null).map(({ expr }) => expr)).toEqual([]);
  });
});
