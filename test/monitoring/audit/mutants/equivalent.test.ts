import { describe, expect, test } from 'vitest';
import { equivalence } from '../../../../monitoring/audit/mutants/equivalent.ts';
import { mutantsOf } from '../../../../monitoring/audit/mutants/mutant.ts';
import { mutable } from './support.ts';

/** Why the mutant with that expression is equivalent; null where it is not. */
function reason(expr: string, mutated: string): string | null {
  const rule = mutable(expr);
  const mutant = mutantsOf(rule).find(({ change }) => change.expr?.replace('{}', '') === mutated);
  if (mutant === undefined) throw new Error(`${expr} has no mutant ${mutated}`);
  return equivalence(rule, mutant);
}

describe('mutants that no data tell from the rule, each beside one that some do', () => {
  test.each([
    [
      'no whole number lies between the two limits',
      ['count(x) > 5', 'count(x) > 5.05'],
      ['count(x) > 5', 'count(x) > 4.95'],
    ],
    ['a sum of measured values may lie between', null, ['sum(x) > 5', 'sum(x) > 5.05']],
    ['half is no whole number', ['count(x) > 0.5', 'count(x) >= 0.5'], ['count(x) > 1', 'count(x) >= 1']],
    [
      'a rate is never exactly the limit',
      ['rate(x[5m]) > 0.1', 'rate(x[5m]) >= 0.1'],
      ['rate(x[5m]) > 0', 'rate(x[5m]) >= 0'],
    ],
    [
      'buckets scaled alike have the same quantile',
      ['histogram_quantile(0.9, rate(x[5m])) > 1', 'histogram_quantile(0.9, increase(x[5m])) > 1'],
      ['rate(x[5m]) > 1', 'increase(x[5m]) > 1'],
    ],
    ['a matcher for everything', ['x{a=~".*"} > 1', 'x > 1'], ['x{a=~".+"} > 1', 'x > 1']],
    [
      'a label that another matcher fixes',
      ['x{a="1",a!=""} > 1', 'x{a="1"} > 1'],
      ['x{a="1",b!=""} > 1', 'x{a="1"} > 1'],
    ],
    [
      'a label that the other side of the join fixes',
      ['x{a="1"} / on (a) y{a="1"} > 1', 'x / on (a) y{a="1"} > 1'],
      ['x{a="1"} / on (b) y{a="1"} > 1', 'x / on (b) y{a="1"} > 1'],
    ],
    [
      'what unless takes away fixes nothing of the left side',
      ['y{a="1"} unless on (a) x{a="1"}', 'y{a="1"} unless on (a) x'],
      ['x{a="1"} unless on (a) y{a="1"}', 'x unless on (a) y{a="1"}'],
    ],
    ['the sign of an even power', ['x > 2^2', 'x > (-2)^2'], ['x > 2^3', 'x > (-2)^3']],
    [
      'one series above 0 lifts sum and maximum alike',
      ['sum(rate(x[5m])) > 0', 'max(rate(x[5m])) > 0'],
      ['sum(x) > 0', 'max(x) > 0'],
    ],
    [
      'a factor above 0 leaves the sign where it is',
      ['increase(x[5m]) > 0', 'rate(x[5m]) > 0'],
      ['increase(x[5m]) > 1', 'rate(x[5m]) > 1'],
    ],
    [
      'also behind a join and a sum',
      ['sum by (a) (rate(x[5m])) * on (a) y > 0', 'sum by (a) (increase(x[5m])) * on (a) y > 0'],
      ['sum by (a) (rate(x[5m])) - on (a) y > 0', 'sum by (a) (increase(x[5m])) - on (a) y > 0'],
    ],
    [
      'a mean has the sign of its sum, but not the sum of means that of the sum of sums',
      ['y and sum by (a) (x) <= 0', 'y and avg by (a) (x) <= 0'],
      ['sum(sum by (a) (x)) <= 0', 'sum(avg by (a) (x)) <= 0'],
    ],
    [
      'what is counted has any value',
      ['count(count by (a) (x)) > 1', 'count(sum by (a) (x)) > 1'],
      ['count(count by (a) (x) > 1) > 1', 'count(sum by (a) (x) > 1) > 1'],
    ],
    [
      'the right side of and has any value, the left side has not',
      ['x and sum by (a) (y)', 'x and avg by (a) (y)'],
      ['sum by (a) (y) > 2 and x', 'avg by (a) (y) > 2 and x'],
    ],
    [
      'only 0 has no size',
      ['y or sum by (a) (rate(x[5m])) > 0', 'y or avg by (a) (rate(x[5m])) > 0'],
      ['sum(rate(x[5m])) > 1', 'avg(rate(x[5m])) > 1'],
    ],
    [
      'a guard against dividing by nothing that leaves 0 / 0 in',
      [
        'sum(rate(x{c="5"}[5m])) / (sum(rate(x[5m])) > 0) > 0.1',
        'sum(rate(x{c="5"}[5m])) / (sum(rate(x[5m])) >= 0) > 0.1',
      ],
      ['sum(rate(y[5m])) / (sum(rate(x[5m])) > 0) > 0.1', 'sum(rate(y[5m])) / (sum(rate(x[5m])) >= 0) > 0.1'],
    ],
    [
      'a guard against a size of 0 of which nothing is left',
      ['1 - min(a_bytes) / (max(b_bytes) > 0) > 0.9', '1 - min(a_bytes) / (max(b_bytes) >= 0) > 0.9'],
      ['1 - min(a) / (max(b_bytes) > 0) > 0.9', '1 - min(a) / (max(b_bytes) >= 0) > 0.9'],
    ],
    [
      'such a guard moved below what a size can be',
      ['1 - min(a_bytes) / (max(b_bytes) > 0) > 0.9', '1 - min(a_bytes) / (max(b_bytes) > (-1)) > 0.9'],
      ['min(a_bytes) / (max(b_bytes) > 0) > 0.9', 'min(a_bytes) / (max(b_bytes) > (-1)) > 0.9'],
    ],
    ['or lets both sides through', null, ['x{a="1"} or on (a) y{a="1"}', 'x or on (a) y{a="1"}']],
  ] as const)('%s', (_, equivalent, different) => {
    if (equivalent !== null) expect(reason(...(equivalent as [string, string]))).not.toBeNull();
    expect(reason(...(different as [string, string]))).toBeNull();
  });
});

test('what shows the value tells a sum from a maximum', () => {
  const rule = mutable('sum(rate(x[5m])) > 0', { showsValue: true });
  expect(
    mutantsOf(rule)
      .filter(({ operator }) => operator === 'aggregation')
      .map((mutant) => equivalence(rule, mutant)),
  ).toEqual([null, null]);
});
