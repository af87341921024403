import { expect, test } from 'vitest';
import { loadCatalogue } from '../../../thresholds/load/load.ts';
import { renderProblem } from '../../../thresholds/load/problem.ts';
import type { Condition } from '../../../thresholds/model.ts';

const CPU = '{ kind: threshold, metric: cpu, above: 70, unit: percent }';

/** A catalogue with one alert of the given condition. */
function catalogueWith(condition: string, rest = ''): string {
  return `
system: demo
receivers: { ops: { type: webhook, url: 'http://127.0.0.1:9/alerts' } }
routing: { receivers: [ops] }
services:
  - id: api
    kind: http
    address: 'fleet:'
    endpoints: [{ path: / }]
    signals: { duration: { metric: wait_seconds } }
    metrics:
      - { name: cpu, type: gauge, unit: percent }
      - { name: size_bytes, type: gauge, unit: bytes }
      - { name: hits_total, type: counter }
      - { name: wait_seconds, type: histogram, buckets: [0.1, 1, 5] }
alerts:
  - { name: A, severity: info, objective: o, summary: s, description: d, condition: ${condition}${rest} }
`;
}

function load(text: string) {
  const files = [{ path: 'demo.yaml', text }];
  const result = loadCatalogue(files, { env: {} });
  const condition = result.ok ? result.catalogue.systems[0]?.alerts[0]?.condition : undefined;
  return { condition, problems: result.ok ? [] : result.problems.map((problem) => renderProblem(problem, files)) };
}

test.each<[string, string, Partial<Condition>]>([
  [
    'a level',
    CPU,
    { kind: 'threshold', of: { metric: 'cpu', where: '', by: [] }, breach: 'above', limit: 70, windowMs: 0 },
  ],
  [
    'a level from below, over a time',
    '{ kind: threshold, expr: "x{$matchers}", below: 0.5, unit: ratio, window: 10m }',
    { kind: 'threshold', of: { expr: 'x{$matchers}' }, breach: 'below', limit: 0.5, windowMs: 600_000 },
  ],
  [
    'a share',
    '{ kind: share, part: { metric: hits_total }, of: [{ metric: hits_total }], below: 70% }',
    { kind: 'share', breach: 'below', limit: 0.7, windowMs: 300_000, minEvents: 0, by: [] },
  ],
  [
    'a resource of which the free part is known',
    '{ kind: utilisation, of: [{ free: cpu, size: 100 }], above: 90% }',
    {
      kind: 'utilisation',
      above: 0.9,
      of: [{ level: { metric: 'cpu', means: 'free' }, size: 100, where: '', by: [] }],
    },
  ],
  [
    'a trend',
    '{ kind: forecast, metric: cpu, above: 100, from: 60, within: 4d }',
    {
      kind: 'forecast',
      breach: 'above',
      limit: 100,
      from: 60,
      withinMs: 4 * 86_400_000,
      windowMs: 6 * 3_600_000,
      size: null,
    },
  ],
  ['a mean', '{ kind: latency-mean, above: 200ms }', { kind: 'latency-mean', aboveMs: 200, metric: null, where: '' }],
  [
    'an outlier',
    '{ kind: latency-exceeded, metric: wait_seconds, above: 1s }',
    { kind: 'latency-exceeded', aboveMs: 1_000 },
  ],
  [
    'a metric that is gone',
    '{ kind: metric-missing, metric: cpu }',
    { kind: 'metric-missing', metric: 'cpu', where: '' },
  ],
])('%s has its defaults', (_, text, condition) => {
  expect(load(catalogueWith(text))).toMatchObject({ problems: [], condition });
});

test('what the runbook says of an alert is kept, the rest is left to the text of its kind', () => {
  const files = [{ path: 'demo.yaml', text: catalogueWith(CPU, ', runbook: { impact: Slow. }') }];
  const result = loadCatalogue(files, { env: {} });
  expect(result.ok && result.catalogue.systems[0]?.alerts[0]?.runbook).toEqual({
    impact: 'Slow.',
    checks: null,
    fix: null,
  });
});

test.each<[string, string, string, RegExp]>([
  ['a kind that is none', '{ kind: treshold, metric: cpu }', 'condition', /did you mean threshold\?/],
  ['no side of a limit', '{ kind: threshold, metric: cpu, unit: percent }', 'condition', /needs above or below/],
  [
    'both sides of a limit',
    '{ kind: threshold, metric: cpu, unit: percent, above: 1, below: 2 }',
    'condition.below',
    /above and below exclude each other/,
  ],
  ['no source', '{ kind: threshold, above: 1, unit: none }', 'condition', /needs metric or expr/],
  [
    'two sources',
    '{ kind: threshold, metric: cpu, expr: up, above: 1, unit: percent }',
    'condition.expr',
    /metric and expr exclude each other/,
  ],
  [
    'matchers beside an expression',
    '{ kind: threshold, expr: up, where: "a=1", above: 1, unit: none }',
    'condition.expr',
    /where and by belong to a metric/,
  ],
  [
    'an expression that does not parse',
    '{ kind: threshold, expr: "sum(", above: 1, unit: none }',
    'condition.expr',
    /not PromQL/,
  ],
  ['no unit', '{ kind: threshold, metric: cpu, above: 1 }', 'condition.unit', /unit is missing/],
  [
    'a limit in another unit',
    '{ kind: threshold, metric: cpu, above: 0.7, unit: ratio }',
    'condition.unit',
    /cpu is in percent, not ratio\n.*write the limit in percent/,
  ],
  [
    'a metric that nobody declares',
    '{ kind: threshold, metric: cpus, above: 70, unit: percent }',
    'condition.metric',
    /cpus is not a metric that the service declares\n.*did you mean cpu\?/,
  ],
  [
    'a counter as a level',
    '{ kind: threshold, metric: hits_total, above: 70, unit: none }',
    'condition.metric',
    /hits_total is a counter, not a gauge/,
  ],
  [
    'matchers that are none',
    '{ kind: share, part: { metric: hits_total, where: "=" }, of: [{ metric: hits_total }], below: 70% }',
    'condition.part.where',
    /not a list of label matchers/,
  ],
  [
    'a share of a gauge',
    '{ kind: share, part: { metric: hits_total }, of: [{ metric: cpu }], below: 70% }',
    'condition.of[0].metric',
    /cpu is a gauge, not a counter/,
  ],
  [
    'a share of nothing',
    '{ kind: share, part: { metric: hits_total }, of: [], below: 70% }',
    'condition.of',
    /at least 1/,
  ],
  [
    'too few events to be any',
    '{ kind: share, part: { metric: hits_total }, of: [{ metric: hits_total }], below: 70%, minEvents: 0 }',
    'condition.minEvents',
    /more than 0/,
  ],
  [
    'a resource both used and free',
    '{ kind: utilisation, of: [{ used: cpu, free: cpu, size: 1 }], above: 90% }',
    'condition.of[0].free',
    /used and free exclude each other/,
  ],
  [
    'a resource of an unknown size',
    '{ kind: utilisation, of: [{ used: cpu, size: size_byte }], above: 90% }',
    'condition.of[0].size',
    /did you mean size_bytes\?/,
  ],
  [
    'a trend that begins behind its limit',
    '{ kind: forecast, metric: cpu, above: 100, from: 110, within: 4d }',
    'condition.from',
    /must be below the limit of 100/,
  ],
  [
    'a falling trend that begins behind its limit',
    '{ kind: forecast, metric: cpu, below: 10, from: 5, within: 4d }',
    'condition.from',
    /must be above the limit of 10/,
  ],
  [
    'a longest time that is no bucket',
    '{ kind: latency-exceeded, metric: wait_seconds, above: 2s }',
    'condition.above',
    /no bucket of wait_seconds ends at 2 s.*\n.*use one of 0\.1, 1, 5 s/,
  ],
  [
    'a percentile above every bucket',
    '{ kind: latency-quantile, above: 5s }',
    'condition.above',
    /wait_seconds of api ends at 5 s: no percentile of it is ever above 5 s/,
  ],
  ['an unknown key', '{ kind: metric-missing, metric: cpu, window: 5m }', 'condition.window', /unknown key/],
])('%s is located', (_, text, path, expected) => {
  const { problems } = load(catalogueWith(text));
  expect(problems.join('\n')).toMatch(expected);
  expect(problems[0]?.split('\n')[0]).toMatch(
    new RegExp(`^demo\\.yaml:17:\\d+ {2}error {2}alerts\\[0\\]\\.${path.replace(/[[\].]/g, '\\$&')}`),
  );
});

test('a runbook without a word is refused', () => {
  expect(load(catalogueWith(CPU, ', runbook: { checks: [] }')).problems.join()).toContain('alerts[0].runbook.checks');
});
