import { describe, expect, test } from 'vitest';
import { mutantsOf } from '../../../../monitoring/audit/mutants/mutant.ts';
import { mutable } from './support.ts';

/** What one operator makes of an expression. */
function changed(operator: string, expr: string): string[] {
  return mutantsOf(mutable(expr))
    .filter((mutant) => mutant.operator === operator)
    .map(({ change }) => change.expr ?? '');
}

describe('what each operator makes of an expression', () => {
  test.each([
    [
      'a limit is moved by a hundredth, doubled, halved and turned',
      'threshold',
      'x > 100',
      ['x > 101', 'x > 99', 'x > 200', 'x > 50', 'x > (-100)'],
    ],
    ['a limit of 0 has no hundredth', 'threshold', 'x > 0', ['x > 1', 'x > (-1)']],
    ['a number that nothing is compared with stays', 'threshold', 'x * 2', []],
    ['a comparison is turned, and meets its limit', 'comparison', 'x > 1', ['x < 1', 'x >= 1']],
    ['equality has no limit to meet', 'comparison', 'x == 1', ['x != 1']],
    [
      'a matcher is left out, turned and widened',
      'matcher',
      'x{a="1",b=~"c.*"} > 1',
      ['x{b=~"c.*"} > 1', 'x{a!="1",b=~"c.*"} > 1', 'x{a="1"} > 1', 'x{a="1",b!~"c.*"} > 1', 'x{a="1",b=~".+"} > 1'],
    ],
    ['a window doubles and halves', 'window', 'rate(x[5m]) > 1', ['rate(x[10m]) > 1', 'rate(x[2m30s]) > 1']],
    ['a rate is taken for an increase', 'rate', 'rate(x[5m]) > 1', ['increase(x[5m]) > 1']],
    ['a sum is taken for an average and a maximum', 'aggregation', 'sum(x) > 1', ['avg(x) > 1', 'max(x) > 1']],
    ['a label leaves the grouping', 'grouping', 'sum by (a, b) (x) > 1', ['sum by (b) (x) > 1', 'sum by (a) (x) > 1']],
    ['and becomes or and unless', 'set', 'x and y', ['x or y', 'x unless y']],
    ['a comparison loses its bool', 'bool', 'x > bool 1', ['x >  1']],
    [
      'a join loses a label, and its group',
      'matching',
      'x * on (a, b) group_left (c) y > 1',
      ['x * on (b) group_left (c) y > 1', 'x * on (a) group_left (c) y > 1', 'x * on (a, b)  y > 1'],
    ],
    ['an offset is left out', 'offset', 'x - x offset 1h > 1', ['x - x  > 1']],
  ])('%s', (_, operator, expr, expected) => {
    expect(changed(operator, expr)).toEqual(expected);
  });

  test('what is beside the expression changes too: for, keep_firing_for, labels, the name', () => {
    const mutants = mutantsOf(
      mutable('x', { forMs: 300_000, keepFiringForMs: 60_000, labels: { severity: 'critical', team: 'a' } }),
    );
    expect(mutants.map(({ operator, what, change }) => [operator, what, change])).toEqual([
      ['for', 'without for: 5m', { forMs: 0 }],
      ['for', 'for: 5m becomes 10m', { forMs: 600_000 }],
      ['for', 'without keep_firing_for: 1m', { keepFiringForMs: 0 }],
      ['label', 'label severity: critical becomes warning', { labels: { severity: 'warning', team: 'a' } }],
      ['label', 'label team: a becomes a-mutated', { labels: { severity: 'critical', team: 'a-mutated' } }],
      ['rename', 'alert renamed to TestRenamed', { alert: 'TestRenamed' }],
    ]);
  });

  test('no two mutants have the same expression, and none that of the rule', () => {
    const rule = mutable('sum by (a) (rate(x{b="1"}[5m])) / sum by (a) (rate(y[5m])) > 0.5 and z > 1');
    const expressions = mutantsOf(rule).flatMap(({ change }) => change.expr ?? []);
    expect(expressions.length).toBeGreaterThan(20);
    expect(new Set([rule.expr, ...expressions]).size).toBe(expressions.length + 1);
  });
});
