import { expect, test } from 'vitest';
import { isolatesBy, isolatingLabels } from '../../../../monitoring/drill/synthetic/isolate.ts';
import type { DrillRule } from '../../../../monitoring/drill/synthetic/rule.ts';
import { Sources } from '../../../../monitoring/drill/synthetic/selects.ts';
import { drillRule, drillRules } from './support.ts';

test.each([
  ['a plain selector keeps every label', 'up == 0', 'apart'],
  ['a matcher on the label decides for one value', 'up{environment="sim"} == 0', 'mixed'],
  ['an aggregation by the label keeps it', 'sum by (environment) (rate(x[5m])) > 1', 'apart'],
  ['an aggregation without it loses it', 'sum by (job) (rate(x[5m])) > 1', 'mixed'],
  ['an aggregation over all loses it', 'sum(rate(x[5m])) > 1', 'mixed'],
  ['an aggregation that leaves others out keeps it', 'sum without (instance) (x) > 1', 'apart'],
  ['an aggregation that leaves it out loses it', 'sum without (environment) (x) > 1', 'mixed'],
  ['a join on the label keeps it', 'x and on (environment) y', 'apart'],
  ['a join on others mixes', 'x and on (job) y', 'mixed'],
  ['a join that ignores it mixes', 'x / ignoring (environment) y > 1', 'mixed'],
  ['a join on all labels keeps it', 'x / y > 1', 'apart'],
  ['what is absent has no series to tell it by', 'absent(up{job="a"})', 'mixed'],
  ['a scalar of series mixes', 'x > scalar(y)', 'mixed'],
  ['a scalar of nothing but numbers does not', 'x > scalar(vector(5))', 'apart'],
  ['a label that is replaced is not kept', 'label_replace(x, "environment", "$1", "job", "(.*)") > 1', 'mixed'],
  ['another label that is replaced does not matter', 'label_replace(x, "a", "$1", "job", "(.*)") > 1', 'apart'],
  ['the clock restricts all series alike', 'x > 1 and on () (hour() > 5)', 'apart'],
  ['a default beside series has no label', 'x or vector(0)', 'mixed'],
  ['no series at all', 'vector(1)', 'constant'],
])('%s', (_name, expr, expected) => {
  expect(isolatesBy('environment', drillRule(expr).ast)).toBe(expected);
});

test('a rule is told apart by the preferred label that it keeps', () => {
  const rule = drillRule('sum by (namespace, pod) (x) > 1');
  expect(isolatingLabels(rule, new Sources([rule]))[0]).toBe('namespace');
});

test('a label that the rule sets itself tells nothing', () => {
  const rule = drillRule('x > 1', '  labels: {environment: prod}\n');
  expect(isolatingLabels(rule, new Sources([rule]))).not.toContain('environment');
});

test('a recording rule that loses the label mixes what the alert reads', () => {
  const rules = drillRules(`
- record: r
  expr: sum by (job) (x)
- alert: A
  expr: r > 1`);
  expect(isolatingLabels(rules[1] as DrillRule, new Sources(rules))).toEqual(['job']);
});
