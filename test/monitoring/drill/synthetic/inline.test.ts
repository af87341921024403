import { expect, test } from 'vitest';
import { inlined } from '../../../../monitoring/drill/synthetic/inline.ts';
import type { DrillRule } from '../../../../monitoring/drill/synthetic/rule.ts';
import { Sources } from '../../../../monitoring/drill/synthetic/selects.ts';
import { printPromql } from '../../../../monitoring/promql/print.ts';
import { drillRules } from './support.ts';

function inlinedText(rules: string): string | null {
  const read = drillRules(rules);
  const expr = inlined(read.at(-1) as DrillRule, new Sources(read));
  return expr === null ? null : printPromql(expr);
}

test.each([
  ['a recorded series becomes its expression', '{job="a"}', 'sum by (job) (rate(x{job="a"}[5m])) > 1'],
  ['a label that the recording sets needs no matcher', '{team="t"}', 'sum by (job) (rate(x[5m])) > 1'],
  ['a label that is lost cannot be matched', '{instance="i"}', null],
  ['its past is not written out', '{job="a"} offset 1h', null],
])('%s', (_name, selector, expected) => {
  const rules = `
- record: r
  expr: sum by (job) (rate(x[5m]))
  labels: {team: t}
- alert: A
  expr: 'r${selector} > 1'`;
  expect(inlinedText(rules)?.replaceAll(/ +/g, ' ') ?? null).toBe(expected);
});

test('a window over a recorded series is not written out', () => {
  expect(inlinedText('- record: r\n  expr: sum(x)\n- alert: A\n  expr: max_over_time(r[1h]) > 1')).toBeNull();
});

test('of several recordings the same one stands for each metric', () => {
  const rules = `
- record: r
  expr: sum(x)
  labels: {promise: b}
- record: r
  expr: sum(y)
  labels: {promise: a}
- record: q
  expr: sum(v)
  labels: {promise: b}
- record: q
  expr: sum(w)
  labels: {promise: a}
- alert: A
  expr: r > 1 and q > 2`;
  expect(inlinedText(rules)).toBe('sum(y) > 1 and sum(w) > 2');
});
