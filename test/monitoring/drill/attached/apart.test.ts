import { describe, expect, test } from 'vitest';
import { readRouting } from '../../../../monitoring/audit/mutants/alertmanager/read-config.ts';
import { DRILL_LABEL, disturbedRules, mutesOthers, ownLabel } from '../../../../monitoring/drill/attached/apart.ts';
import { liveRuleFiles } from '../../../../monitoring/drill/attached/rule-text.ts';
import { readDrillRules } from '../../../../monitoring/drill/synthetic/rule.ts';
import { Sources } from '../../../../monitoring/drill/synthetic/selects.ts';

const rulesOf = (...rules: string[]) =>
  readDrillRules([
    { path: 'r.yml', text: `groups:\n  - name: g\n    rules:\n${rules.map((rule) => `      - ${rule}\n`).join('')}` },
  ]).rules;

test.each([
  ['up == 0', DRILL_LABEL],
  ['sum by (job) (rate(x[5m])) > 1', 'job'],
  ['sum without (pod) (rate(x[5m])) > 1', 'environment', DRILL_LABEL],
  ['sum(x) > 1', undefined],
  ['absent(up)', undefined],
  ['a > on (job) group_left b', 'job'],
])('%s is told apart by %s', (expr, ...labels) => {
  const [rule] = rulesOf(`{alert: A, expr: '${expr}'}`);
  if (rule === undefined) throw new Error('no rule');
  expect(labels).toContain(ownLabel(rule, new Sources([rule])));
});

describe('rules that a series would move', () => {
  const series = [{ labels: { __name__: 'x', job: 'a' }, segments: [] }];
  test.each([
    ['{record: total, expr: sum(x)}', ['total']],
    ['{record: job:x, expr: sum by (job) (x)}', []],
    ['{record: other, expr: sum(y)}', []],
    ["{record: 'no', expr: 'sum(x{job!=\"a\"})'}", []],
    ['{alert: Fixed, expr: x > 1, labels: {job: b}}', ['Fixed']],
  ])('%s: %j', (rule, names) => {
    expect(disturbedRules(series, 'job', rulesOf(rule)).map(({ name }) => name)).toEqual(names);
  });
});

test('an inhibition rule spares others only if a label must be equal that the drill has for itself', () => {
  const text = (equal: string) => `route: {receiver: a}
receivers: [{name: a}]
inhibit_rules:
  - {source_matchers: [severity="critical"], target_matchers: [severity="warning"], equal: [${equal}]}
`;
  const muted = (equal: string, severity: string) => {
    const routing = readRouting({ path: 'a.yml', text: text(equal) });
    if (Array.isArray(routing)) throw new Error('no routing');
    return mutesOthers(routing, { severity, job: 'x' }, ['job']);
  };
  expect(muted('instance', 'critical')).toBe(4);
  expect(muted('instance, job', 'critical')).toBeNull();
  expect(muted('instance', 'warning')).toBeNull();
});

test('rules come back from the API as they were written', () => {
  const [file] = liveRuleFiles([
    {
      name: 'g',
      file: '/etc/r.yml',
      interval: 0.5,
      rules: [
        {
          type: 'alerting',
          name: 'A',
          query: 'x > 1',
          duration: 90,
          keepFiringFor: 30,
          labels: { severity: 'page' },
          annotations: { summary: 'a "b"\nc' },
        },
        { type: 'recording', name: 'r', query: 'sum(x)' },
      ],
    },
  ]);
  const { rules, problems } = readDrillRules(file === undefined ? [] : [file]);
  expect(problems).toEqual([]);
  expect(rules).toMatchObject([
    {
      kind: 'alert',
      name: 'A',
      expr: 'x > 1',
      forMs: 90_000,
      keepFiringForMs: 30_000,
      groupIntervalMs: 500,
      labels: { severity: 'page' },
      annotations: { summary: 'a "b"\nc' },
      file: '/etc/r.yml',
    },
    { kind: 'record', name: 'r', expr: 'sum(x)' },
  ]);
});
