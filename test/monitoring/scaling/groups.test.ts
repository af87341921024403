import { describe, expect, it, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { deriveRulesText } from '../../../monitoring/rules.ts';
import { scaleRuleGroups } from '../../../monitoring/scaling/groups.ts';
import type { ScaledGroup, ScaleGroupsOptions } from '../../../monitoring/scaling/types.ts';
import { BUILT_IN_CATALOGUE, openCatalogue } from '../../../scripts/catalogue-files.ts';
import { runTool } from '../support.ts';

const OPTIONS: ScaleGroupsOptions = {
  scrapeIntervalMs: 15_000,
  evaluationIntervalMs: 15_000,
  wallScrapeMs: 200,
  wallEvaluationMs: 200,
  lookbackMs: 300_000,
  clock: (factor) => ({ startMs: 1_000_000, factor, virtualStartMs: 60_000 }),
};

interface GroupOf {
  name?: string;
  interval?: string;
  rules: Record<string, unknown>[];
}

function scale(groups: readonly GroupOf[], options: Partial<ScaleGroupsOptions> = {}) {
  const named = groups.map((group, index) => ({ name: `g${index}`, ...group }));
  return scaleRuleGroups([{ name: 'rules.yml', text: stringify({ groups: named }) }], { ...OPTIONS, ...options });
}

function only(groups: readonly GroupOf[], options: Partial<ScaleGroupsOptions> = {}): ScaledGroup {
  const [group] = scale(groups, options).groups;
  if (group === undefined) throw new Error('no group');
  return group;
}

describe('the factor of a group', () => {
  it.each([
    ['a window', { alert: 'A', expr: 'rate(x[5m]) > 1' }, 375, '[5m] of A holds 4 scrapes of 200ms'],
    [
      'the shorter of two windows',
      { alert: 'A', expr: 'rate(x[1h]) > rate(y[2m])' },
      150,
      '[2m] of A holds 4 scrapes of 200ms',
    ],
    [
      'the window of a subquery',
      { alert: 'A', expr: 'max_over_time(x[10m:1m]) > 1' },
      750,
      '[10m:1m] of A holds 4 scrapes of 200ms',
    ],
    ['an offset', { alert: 'A', expr: 'x > x offset 4m' }, 300, 'offset 4m of A holds 4 scrapes of 200ms'],
    ['for', { alert: 'A', expr: 'x > 1', for: '1m' }, 150, 'for 1m of A lasts 2 evaluations of 200ms'],
    [
      'keep_firing_for',
      { alert: 'A', expr: 'x > 1', for: '5m', keep_firing_for: '2m' },
      300,
      'keep_firing_for 2m of A lasts 2 evaluations of 200ms',
    ],
    [
      'samples that are counted',
      { alert: 'A', expr: 'changes(x[1h]) > 3' },
      75,
      'changes of A counts samples: each 15s is 200ms',
    ],
    [
      'only its interval where nothing in it takes time',
      { alert: 'A', expr: 'up == 0' },
      75,
      'no window and no hold: each interval of 15s is 200ms',
    ],
    [
      'real time where a window is short as it is',
      { alert: 'A', expr: 'rate(x[500ms]) > 1' },
      1,
      '[500ms] of A holds 4 scrapes of 200ms',
    ],
    [
      'less than twice real time',
      { alert: 'A', expr: 'rate(x[1500ms]) > 1' },
      1.8,
      '[1s500ms] of A holds 4 scrapes of 200ms',
    ],
  ])('is limited by %s', (_, rule, factor, limitedBy) => {
    expect(only([{ rules: [rule] }])).toMatchObject({
      factor,
      limitedBy,
      rules: [{ kind: 'alert', name: 'A', refused: null }],
    });
  });

  it('is bound by a given limit', () => {
    const rules = [{ alert: 'A', expr: 'rate(x[5m]) > 1' }];
    expect(only([{ rules }], { maxFactor: 60 })).toMatchObject({ factor: 60, limitedBy: 'the given limit of 60' });
  });

  it('is a somewhat smaller one that leaves whole milliseconds', () => {
    const rules = [{ alert: 'A', expr: 'rate(x[7m]) > 1', for: '7m' }];
    // 525 would be possible; 420,000 ms have 525 as divisor, 420,000 and 77,000 only 500.
    expect(only([{ rules }]).factor).toBe(525);
    expect(only([{ rules: [...rules, { alert: 'B', expr: 'rate(x[77s]) > 1' }] }]).factor).toBe(70);
  });

  it('is not slowed down by a rule that is left out', () => {
    const rules = [
      { alert: 'A', expr: 'rate(x[5m]) > 1' },
      { alert: 'B', expr: 'rate(x[1m]) > hour()' },
    ];
    expect(only([{ rules }], { clock: () => null })).toMatchObject({
      factor: 375,
      rules: [{ refused: null }, { refused: { construct: 'hour()' } }],
    });
  });

  it('comes with intervals and a look-back: as in real time, but not under the smallest allowed', () => {
    expect(only([{ interval: '1m', rules: [{ alert: 'A', expr: 'rate(x[2m]) > 1' }] }])).toMatchObject({
      factor: 150,
      wallIntervalMs: 400,
      wallScrapeMs: 200,
      wallLookbackMs: 2_000,
    });
  });
});

describe('groups that share a clock', () => {
  const slow = { rules: [{ alert: 'A', expr: 'rate(x[1m]) > 1', labels: { severity: 'critical' } }] };
  const recorded = { rules: [{ record: 'job:x:rate1h', expr: 'rate(x[1h])', labels: { range: '1h' } }] };
  const factors = (groups: GroupOf[], options?: Partial<ScaleGroupsOptions>) =>
    scale(groups, options).groups.map(({ factor }) => factor);

  it.each([
    ['one reads what the other records', 'job:x:rate1h > 1', [60, 60, 75]],
    ['one reads it by a pattern', '{__name__=~"job:.+"} > 1', [60, 60, 75]],
    ['not with a metric of another name', 'job:x:rate1 > 1', [60, 4_500, 75]],
    ['not with another label', 'job:x:rate1h{range="5m"} > 1', [60, 4_500, 75]],
  ])('%s', (_, expr, expected) => {
    const reader = { rules: [{ alert: 'B', expr: `${expr} and x offset 48s` }] };
    expect(factors([reader, recorded, { rules: [{ alert: 'C', expr: 'up == 0' }] }])).toEqual(expected);
  });

  it.each([
    ['by name', 'ALERTS{alertname="A"} == 1', 75],
    ['by a pattern of names', 'ALERTS{alertname=~"A|B"} == 1', 75],
    ['by a label that it sets', 'ALERTS{alertstate="firing", severity="critical"} == 1', 75],
    ['not with another name', 'ALERTS{alertname="B"} == 1', 4_500],
    ['not with another severity', 'ALERTS{severity="info"} == 1', 4_500],
  ])('one reads the state of an alert of the other: %s', (_, expr, factor) => {
    const reader = { rules: [{ alert: 'E', expr, for: '30m' }] };
    expect(factors([reader, slow])[0]).toBe(factor);
    // Where the states are written by hand they bind nobody.
    expect(factors([reader, slow], { alertStatesWritten: true })[0]).toBe(4_500);
  });

  it('say which group slows them down', () => {
    const reader = { rules: [{ alert: 'B', expr: 'job:x:rate1h > 1', for: '1m' }] };
    expect(scale([reader, recorded]).groups.map(({ limitedBy }) => limitedBy)).toEqual([
      'for 1m of B lasts 2 evaluations of 200ms',
      'for 1m of B lasts 2 evaluations of 200ms, in g0, whose series it shares',
    ]);
  });

  it('hold evaluations in windows over what is recorded', () => {
    const reader = { rules: [{ alert: 'B', expr: 'avg_over_time(job:x:rate1h[10m]) > 1' }] };
    expect(scale([reader, recorded], { wallScrapeMs: 50 }).groups[0]).toMatchObject({
      factor: 750,
      limitedBy: '[10m] of B holds 4 evaluations of 200ms',
    });
  });
});

test('a scaled file has the same names, labels, limits and order, and its own intervals', () => {
  const text = stringify({
    groups: [
      {
        name: 'g',
        interval: '30s',
        query_offset: '1m',
        limit: 10,
        labels: { window: '5m' },
        rules: [
          { record: 'job:x:rate5m', expr: 'rate(x[5m])', labels: { range: '5m' } },
          {
            alert: 'A',
            expr: 'job:x:rate5m{window="5m"} > 2',
            for: '2m',
            annotations: {
              summary: '{{ with query "rate(y[5m])" }}{{ . | first | value }}{{ end }} in 5m',
              now: 'at {{ now }}',
            },
          },
        ],
      },
    ],
  });
  const scaled = scaleRuleGroups([{ name: 'a.yml', text }], OPTIONS);
  expect(parse(scaled.files[0]?.text ?? '')).toEqual({
    groups: [
      {
        name: 'g',
        interval: '200ms',
        query_offset: '200ms',
        limit: 10,
        rules: [
          { record: 'job:x:rate5m', expr: 'rate(x[1s]) / 300', labels: { range: '5m', window: '5m' } },
          {
            alert: 'A',
            expr: 'job:x:rate5m{window="5m"} > 2',
            for: '400ms',
            labels: { window: '5m' },
            annotations: {
              summary: '{{ with query "rate(y[1s]) / 300" }}{{ . | first | value }}{{ end }} in 5m',
              now: 'at {{ now }}',
            },
          },
        ],
      },
    ],
  });
  expect(scaled.groups[0]?.rules[1]?.notCompared).toEqual([{ key: 'now', reason: 'now reads the wall time' }]);
});

describe('what cannot be scaled', () => {
  const reasons = (groups: readonly GroupOf[], options: Partial<ScaleGroupsOptions> = {}) =>
    scale(groups, options).groups.flatMap(({ rules }) =>
      rules.map(({ name, refused }) => (refused === null ? name : `${name}: ${refused.construct} ${refused.reason}`)),
    );

  it('is left out, with those that read it, and the others go on', () => {
    const rules = [
      { record: 'job:late', expr: 'time() - x' },
      { record: 'job:twice', expr: 'job:late * 2' },
      { alert: 'A', expr: 'job:twice > 5' },
      { alert: 'B', expr: 'x > 5' },
      { alert: 'E', expr: 'ALERTS{alertname="A"} == 1' },
      { alert: 'F', expr: 'ALERTS{alertname=~"A|B"} == 1' },
    ];
    expect(reasons([{ rules }], { clock: () => null })).toEqual([
      'job:late: time() reads the time, and there is no virtual clock',
      'job:twice: job:late is read, and cannot be scaled itself',
      'A: job:twice is read, and cannot be scaled itself',
      'B',
      'E: A is read, and cannot be scaled itself',
      'F',
    ]);
  });

  it.each([
    ['an expression that is none', { alert: 'A', expr: 'sum(' }, /^A: the expression cannot be read: /],
    [
      'a template that is none',
      { alert: 'A', expr: 'x', annotations: { summary: '{{ $labels.x' } },
      /^A: annotation summary is a wrong template: /,
    ],
    [
      'a label that is none',
      { alert: 'A', expr: 'x', labels: { 'a-b': 'c' } },
      /^A: label a-b has a name that Prometheus does not take/,
    ],
    ['a recorded metric that is none', { record: 'a b', expr: 'x' }, /^a b: record a b is not a metric name/],
  ])('would keep Prometheus from loading the file: %s', async (_, rule, reason) => {
    const rules = [rule, { alert: 'B', expr: 'x' }];
    expect(reasons([{ rules }])).toEqual([expect.stringMatching(reason), 'B']);
    const { files } = scale([{ rules }]);
    const result = await runTool('promtool', ['check', 'rules', 'a.yml'], { 'a.yml': files[0]?.text ?? '' });
    expect(result.output).toContain('SUCCESS: 1 rules found');
  });

  it('makes a file without any rule, which is left out', () => {
    expect(scale([{ rules: [{ alert: 'A', expr: 'sum(' }] }]).files).toEqual([]);
  });

  it('is told with its place where the file is not a rule file', () => {
    const { problems, groups } = scaleRuleGroups(
      [
        { name: 'a.yml', text: 'groups: [{name: g, rules: 5}]' },
        { name: 'b.yml', text: stringify({ groups: [{ name: 'g', rules: [{ alert: 'A', expr: 'x' }] }] }) },
      ],
      OPTIONS,
    );
    expect(problems).toEqual([expect.stringMatching(/^a\.yml:1:\d+: rules must be a list/)]);
    expect(groups.map(({ file }) => file)).toEqual(['a.yml', 'b.yml']);
  });
});

test('resources of the Prometheus operator become plain files; groups of one name get a number', () => {
  const resource = (name: string) => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name },
    spec: { groups: [{ name: 'g', rules: [{ alert: name, expr: 'rate(x[5m]) > 1' }] }] },
  });
  const text = `${stringify(resource('A'))}---\n${stringify(resource('B'))}`;
  const { files, groups } = scaleRuleGroups([{ name: 'a.yml', text }], OPTIONS);
  expect(groups.map(({ group, scaledName }) => [group, scaledName])).toEqual([
    ['g', 'g'],
    ['g', 'g (2)'],
  ]);
  expect(parse(files[0]?.text ?? '').groups.map(({ name }: { name: string }) => name)).toEqual(['g', 'g (2)']);
});

test('a hold never takes more evaluations than in real time', () => {
  // 15 s are 211.3 ms and 30 s 422.5 ms: rounded, two intervals would be shorter than the hold.
  const rules = [{ alert: 'A', expr: 'rate(x[77777ms]) > 1', for: '30s' }];
  const { files, groups } = scale([{ rules }], { maxFactor: 71 });
  expect(groups[0]).toMatchObject({ factor: 71, wallIntervalMs: 211 });
  expect(parse(files[0]?.text ?? '').groups[0].rules[0].for).toBe('422ms');
});

test('promtool takes every derived rule on its clock, and none is refused', async () => {
  const text = deriveRulesText(openCatalogue(BUILT_IN_CATALOGUE, { env: {}, environment: null }));
  const { files, groups } = scaleRuleGroups([{ name: 'a.yml', text }], OPTIONS);
  const refused = groups.flatMap(({ rules }) => rules.filter((rule) => rule.refused !== null));
  expect(refused).toEqual([]);
  const result = await runTool('promtool', ['check', 'rules', 'a.yml'], { 'a.yml': files[0]?.text ?? '' });
  expect(result.output).toContain(`SUCCESS: ${groups.flatMap(({ rules }) => rules).length} rules found`);
});
