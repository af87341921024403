import { describe, expect, test } from 'vitest';
import { readFixture } from '../../../../monitoring/audit/mutants/fixture/input-series.ts';
import { fixtureLack } from '../../../../monitoring/audit/mutants/fixture/lack.ts';
import { mutantsOf } from '../../../../monitoring/audit/mutants/mutant.ts';
import { mutable } from './support.ts';

/** What tests with these series lack to notice the mutant; null for nothing. */
function lack(expr: string, mutated: string, series: Record<string, string>, recorded: string[] = []): string | null {
  const rule = mutable(expr);
  const mutant = mutantsOf(rule).find(({ change }) => change.expr?.replace('{}', '') === mutated);
  if (mutant === undefined) throw new Error(`${expr} has no mutant ${mutated}`);
  const inputs = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  return fixtureLack(rule, mutant, [readFixture({ input_series: inputs })], new Set(recorded));
}

describe('what the input of tests lacks to notice a mutant', () => {
  test.each([
    [
      'a series that fails the matcher',
      'x{a="1"} > 1',
      'x > 1',
      { 'x{a="1"}': '5x9' },
      'no series of x whose a does not match',
    ],
    ['nothing, if one fails it', 'x{a="1"} > 1', 'x > 1', { 'x{a="1"}': '5x9', 'x{a="2"}': '5x9' }, null],
    [
      'a series that fails this matcher alone',
      'x{a="1",b="1"} > 1',
      'x{b="1"} > 1',
      { 'x{a="2",b="2"}': '5x9' },
      'no series for x',
    ],
    [
      'two series under one sum',
      'sum by (a) (x) > 1',
      'avg by (a) (x) > 1',
      { 'x{a="1"}': '5x9', 'x{a="2"}': '5x9' },
      'no group of two series under sum',
    ],
    [
      'nothing, if two share a group',
      'sum by (a) (x) > 1',
      'avg by (a) (x) > 1',
      { 'x{a="1",b="1"}': '5x9', 'x{a="1",b="2"}': '5x9' },
      null,
    ],
    [
      'values that move',
      'avg_over_time(x[5m]) > 1',
      'avg_over_time(x[10m]) > 1',
      { x: '5x9' },
      'only constant values for x',
    ],
    ['nothing, if values move', 'avg_over_time(x[5m]) > 1', 'avg_over_time(x[10m]) > 1', { x: '5+1x9' }, null],
    ['nothing, if samples are missing', 'avg_over_time(x[5m]) > 1', 'avg_over_time(x[10m]) > 1', { x: '5 _ 5' }, null],
    ['the other side', 'x > 1 and y', 'x > 1 or y', { x: '5x9' }, 'no series for y'],
    ['a label to group by', 'sum by (a) (x) > 1', 'sum by () (x) > 1', { x: '5x9' }, 'no series with the label a'],
    [
      'two values of a label to join by',
      'x * on (a) y > 1',
      'x * on () y > 1',
      { 'x{a="1"}': '5x9', 'y{a="1"}': '5x9' },
      'no two series whose a differs',
    ],
  ])('%s', (_, expr, mutated, series, expected) => {
    expect(lack(expr, mutated, series as Record<string, string>)).toBe(expected);
  });

  test('what a rule records is not looked for in the input', () => {
    expect(lack('a:b{c="1"} > 1', 'a:b > 1', { x: '5x9' }, ['a:b'])).toBeNull();
  });
});
