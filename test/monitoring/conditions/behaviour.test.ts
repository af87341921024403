import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { catalogueGroups } from '../../../monitoring/alerts/catalogue-groups.ts';
import { deriveRulesText } from '../../../monitoring/rules.ts';
import { scaleRules } from '../../../monitoring/scale-rules.ts';
import { catalogueOf, runTool } from '../support.ts';

/** A system with one alert of each kind that looks at metrics of its own; the limits are those of the rows below. */
const PLANT = `
system: plant
receivers: {ops: {type: webhook, url: 'http://127.0.0.1:9/alerts'}}
routing: {receivers: [ops]}
services:
  - id: api
    kind: http
    address: 'fleet:'
    endpoints: [{path: /}]
    signals: {duration: {metric: wait_seconds}, requests: {metric: asked_total, errors: 'code="500"'}}
    metrics:
      - {name: cpu, type: gauge, unit: percent}
      - {name: heat, type: gauge, unit: celsius}
      - {name: used_bytes, type: gauge, unit: bytes}
      - {name: size_bytes, type: gauge, unit: bytes}
      - {name: free_bytes, type: gauge, unit: bytes}
      - {name: all_bytes, type: gauge, unit: bytes}
      - {name: hits_total, type: counter}
      - {name: misses_total, type: counter}
      - {name: asked_total, type: counter}
      - {name: wait_seconds, type: histogram, buckets: [0.1, 1, 5, 10]}
alerts:
  - {name: Cpu, condition: {kind: threshold, metric: cpu, above: 70, unit: percent}, for: 2m, &a severity: info, objective: o, summary: s, description: d}
  - {name: Cold, condition: {kind: threshold, metric: heat, by: [room], below: 5, unit: celsius, window: 5m}, severity: info, objective: o, summary: s, description: d}
  - {name: Sum, condition: {kind: threshold, expr: 'sum by (system, service, environment) (increase(asked_total{$matchers}[$window]))', above: 100, unit: none, window: 5m}, severity: info, objective: o, summary: s, description: d}
  - {name: Full, condition: {kind: utilisation, above: 90%, of: [{used: used_bytes, size: size_bytes, by: [name], where: name!=""}, {free: free_bytes, size: all_bytes}]}, severity: info, objective: o, summary: s, description: d}
  - {name: Pool, condition: {kind: utilisation, above: 95%, of: [{used: heat, size: 20}]}, severity: info, objective: o, summary: s, description: d}
  - {name: Hits, condition: {kind: share, part: {metric: hits_total}, of: [{metric: hits_total}, {metric: misses_total}], below: 70%, window: 5m, minEvents: 20}, severity: info, objective: o, summary: s, description: d}
  - {name: Trend, condition: {kind: forecast, metric: free_bytes, size: all_bytes, below: 0, from: 0.4, within: 4d, window: 6h}, severity: info, objective: o, summary: s, description: d}
  - {name: Rise, condition: {kind: forecast, metric: cpu, above: 100, from: 60, within: 4d, window: 6h}, severity: info, objective: o, summary: s, description: d}
  - {name: Mean, condition: {kind: latency-mean, above: 200ms, window: 5m}, severity: info, objective: o, summary: s, description: d}
  - {name: Over, condition: {kind: latency-exceeded, metric: wait_seconds, above: 5s, window: 5m}, severity: info, objective: o, summary: s, description: d}
  - {name: Gone, condition: {kind: metric-missing, metric: cpu}, severity: info, objective: o, summary: s, description: d}
  - {name: Unseen, condition: {kind: metric-missing, metric: wait_seconds}, severity: info, objective: o, summary: s, description: d}
  - {name: Errors, condition: {kind: error-share, above: 10%, window: 5m, minEvents: 10}, severity: info, objective: o, summary: s, description: d}
`.replace('&a ', '');

const rules = (() => {
  const catalogue = catalogueOf(PLANT);
  return deriveRulesText(catalogue, catalogueGroups(catalogue));
})();

const OWN = 'system="plant",service="api",environment="sim"';
const of = (metric: string, labels = '') => `${metric}{${OWN}${labels === '' ? '' : `,${labels}`}}`;
const foreign = (metric: string) => of(metric).replace('plant', 'other');

/** Series with one sample a minute, and at which minutes the alert fires for how many label sets. */
type Row = [name: string, alert: string, series: Record<string, string>, fires: Record<number, number>];

const ROWS: Row[] = [
  [
    'a level above its limit fires after `for` and resolves',
    'Cpu',
    { [of('cpu')]: '50x2 71x3 50x3' },
    { 2: 0, 4: 0, 5: 1, 6: 1, 7: 0 },
  ],
  ['a level at its limit is silent', 'Cpu', { [of('cpu')]: '70x9' }, { 9: 0 }],
  [
    'the worst instance counts',
    'Cpu',
    { [of('cpu', 'instance="a"')]: '20x9', [of('cpu', 'instance="b"')]: '71x9' },
    { 9: 1 },
  ],
  ['a level of another system is none', 'Cpu', { [of('cpu')]: '20x9', [foreign('cpu')]: '99x9' }, { 9: 0 }],
  ['no level is silent', 'Cpu', {}, { 9: 0 }],
  [
    'a mean below its limit fires for each value of a label',
    'Cold',
    { [of('heat', 'room="a"')]: '4.9x9', [of('heat', 'room="b"')]: '4x9', [of('heat', 'room="c"')]: '5x9' },
    { 9: 2 },
  ],
  ['one low sample does not move a mean', 'Cold', { [of('heat', 'room="a"')]: '9x4 1 9x9' }, { 5: 0, 6: 0 }],
  ['an expression above its limit fires', 'Sum', { [of('asked_total')]: '0+21x20' }, { 10: 1 }],
  ['an expression at its limit is silent', 'Sum', { [of('asked_total')]: '0+20x20' }, { 10: 0 }],
  [
    'a resource beyond its limit fires by name',
    'Full',
    {
      [of('used_bytes', 'name="a"')]: '91x9',
      [of('size_bytes', 'name="a"')]: '100x9',
      [of('used_bytes', 'name="b"')]: '90x9',
      [of('size_bytes', 'name="b"')]: '100x9',
    },
    { 9: 1 },
  ],
  [
    'a size of 0 is unlimited',
    'Full',
    { [of('used_bytes', 'name="a"')]: '91x9', [of('size_bytes', 'name="a"')]: '0x9' },
    { 9: 0 },
  ],
  ['series without a name are left out', 'Full', { [of('used_bytes')]: '91x9', [of('size_bytes')]: '91x9' }, { 9: 0 }],
  ['what is hardly free fires', 'Full', { [of('free_bytes')]: '9x9', [of('all_bytes')]: '100x9' }, { 9: 1 }],
  [
    'what is free at the limit is silent',
    'Full',
    { [of('free_bytes')]: '10.1x9', [of('all_bytes')]: '100x9' },
    { 9: 0 },
  ],
  ['a pool of a fixed size is exhausted at its last connection', 'Pool', { [of('heat')]: '19x4 20x4' }, { 4: 0, 5: 1 }],
  [
    'a share below its limit fires',
    'Hits',
    { [of('hits_total')]: '0+69x20', [of('misses_total')]: '0+31x20' },
    { 10: 1 },
  ],
  [
    'a share at its limit is silent',
    'Hits',
    { [of('hits_total')]: '0+70x20', [of('misses_total')]: '0+30x20' },
    { 10: 0 },
  ],
  [
    'a good week does not cover a bad hour',
    'Hits',
    { [of('hits_total')]: '99999x20', [of('misses_total')]: '0+31x20' },
    { 10: 1 },
  ],
  ['no look-up is silent', 'Hits', { [of('hits_total')]: '69x20', [of('misses_total')]: '31x20' }, { 10: 0 }],
  ['too few look-ups are silent', 'Hits', { [of('hits_total')]: '0x20', [of('misses_total')]: '0+3x20' }, { 10: 0 }],
  [
    'a mean duration above its limit fires',
    'Mean',
    { [of('wait_seconds_sum')]: '0+2.1x20', [of('wait_seconds_count')]: '0+10x20' },
    { 10: 1 },
  ],
  [
    'a mean duration at its limit is silent',
    'Mean',
    { [of('wait_seconds_sum')]: '0+2x20', [of('wait_seconds_count')]: '0+10x20' },
    { 10: 0 },
  ],
  [
    'a mean without requests is silent',
    'Mean',
    { [of('wait_seconds_sum')]: '21x20', [of('wait_seconds_count')]: '10x20' },
    { 10: 0 },
  ],
  [
    'one request over the longest time fires until it leaves the window',
    'Over',
    { [of('wait_seconds_count')]: '0+7x9 64+7x20', [of('wait_seconds_bucket', 'le="5"')]: '0+7x9 63+7x20' },
    { 9: 0, 10: 1, 16: 0 },
  ],
  [
    'the bucket of Prometheus 3 is the same',
    'Over',
    { [of('wait_seconds_count')]: '0+8x20', [of('wait_seconds_bucket', 'le="5.0"')]: '0+7x20' },
    { 10: 1 },
  ],
  [
    'a service that no longer exports a metric fires',
    'Gone',
    { [of('up')]: '1x20', [of('cpu')]: '1x5 stale' },
    { 5: 0, 12: 1 },
  ],
  ['a service that is down is told by another alert', 'Gone', { [of('up')]: '0x20' }, { 12: 0 }],
  [
    'a histogram is there by its count',
    'Unseen',
    { [of('up')]: '1x20', [of('wait_seconds_count')]: '1x20' },
    { 12: 0 },
  ],
  ['a histogram that is gone fires', 'Unseen', { [of('up')]: '1x20' }, { 12: 1 }],
  [
    'the metric of another system does not stand in',
    'Gone',
    { [of('up')]: '1x20', [foreign('cpu')]: '1x20' },
    { 12: 1 },
  ],
  [
    'one error at night is no share',
    'Errors',
    { [of('asked_total', 'code="200"')]: '0+1x20', [of('asked_total', 'code="500"')]: '0x5 1x20' },
    { 8: 0 },
  ],
  [
    'the same share of many requests is one',
    'Errors',
    { [of('asked_total', 'code="200"')]: '0+10x20', [of('asked_total', 'code="500"')]: '0+2x20' },
    { 8: 1 },
  ],
];

/** The same with a sample every 10 minutes. */
const TRENDS: Row[] = [
  [
    'what will be used up in time fires',
    'Trend',
    { [of('free_bytes')]: '390-0.7x50', [of('all_bytes')]: '1000x50' },
    { 40: 1 },
  ],
  ['what will last is silent', 'Trend', { [of('free_bytes')]: '390-0.6x50', [of('all_bytes')]: '1000x50' }, { 40: 0 }],
  [
    'what is far from full is silent whatever the line says',
    'Trend',
    { [of('free_bytes')]: '900-5x50', [of('all_bytes')]: '1000x50' },
    { 40: 0 },
  ],
  [
    'what no longer falls is silent',
    'Trend',
    { [of('free_bytes')]: '390x24 370-20x5 270+1x10', [of('all_bytes')]: '1000x50' },
    { 30: 1, 39: 0 },
  ],
  ['what rises to its limit in time fires', 'Rise', { [of('cpu')]: '50+0.5x50' }, { 19: 0, 40: 1 }],
  ['what rises too slowly is silent', 'Rise', { [of('cpu')]: '61+0.05x50' }, { 40: 0 }],
  [
    'what rises in another system is silent',
    'Rise',
    { [of('cpu')]: '61x50', [foreign('cpu')]: '61+0.5x50' },
    { 40: 0 },
  ],
];

function testsOf(rows: readonly Row[], unit: 'm' | 's', file: string, step = 1): string {
  const tests = rows.map(([name, alert, series, fires]) => ({
    name,
    interval: `${step}${unit}`,
    input_series: Object.entries(series).map(([series, values]) => ({ series, values })),
    promql_expr_test: Object.entries(fires).map(([minute, count]) => ({
      expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
      eval_time: `${Number(minute) * step}${unit}`,
      exp_samples: [{ labels: '{}', value: count }],
    })),
  }));
  return stringify({ rule_files: [file], evaluation_interval: `${step}${unit}`, tests });
}

test('each kind of condition at and around its limit, at true durations and on a faster clock', async () => {
  const scaled = scaleRules(rules, 60);
  expect(scaled.refused).toEqual([]);
  const run = (rows: readonly Row[], trends: readonly Row[]) => {
    const tests = {
      'true.test.yml': testsOf(rows, 'm', 'true.yml'),
      'fast.test.yml': testsOf(rows, 's', 'fast.yml'),
      'true-trends.test.yml': testsOf(trends, 'm', 'true.yml', 10),
      'fast-trends.test.yml': testsOf(trends, 's', 'fast.yml', 10),
    };
    const files = { 'true.yml': rules, 'fast.yml': scaled.text, ...tests };
    return runTool('promtool', ['test', 'rules', ...Object.keys(tests)], files);
  };
  const { output } = await run(ROWS, TRENDS);
  expect(output).not.toContain('FAILED');
  expect(output).toContain('SUCCESS');
  // The test itself can fail: the same series, and another expectation.
  const [[name, alert, series]] = ROWS as [Row];
  expect((await run([[name, alert, series, { 5: 0 }]], [])).ok).toBe(false);
});

test('an expression that loses whose alert it is names its place and the fix', () => {
  const lost = PLANT.replace('sum by (system, service, environment)', 'sum by (service)');
  const catalogue = catalogueOf(lost);
  expect(() => catalogueGroups(catalogue)).toThrow(
    /^catalogue-0\.yaml:\d+:\d+: the expression of Sum loses system, environment.*aggregate by \(system, service, environment\)$/,
  );
});
