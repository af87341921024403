import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../../monitoring/audit/findings/checks.ts';
import { Random } from '../promql/random.ts';
import { randomText } from '../promql/random-text.ts';
import { auditTexts, findingsOf, ruleFile, type TestRule } from './support.ts';

interface Row {
  id: string;
  name: string;
  bad: readonly TestRule[] | readonly (readonly TestRule[])[];
  /** The same with one thing put right. */
  good: readonly TestRule[] | readonly (readonly TestRule[])[];
}

const alert = (expr: string, more: Partial<TestRule> = {}): TestRule => ({ alert: 'A', expr, ...more });
const page = { severity: 'page' };

/** One expression that is wrong beside a near-identical one that is not. */
const pair = (id: string, name: string, bad: string, good: string): Row => ({
  id,
  name,
  bad: [alert(bad)],
  good: [alert(good)],
});

const ROWS: readonly Row[] = [
  pair('cannot-fire', 'two equality matchers on one label', 'x{a="1",a="2"} > 0', 'x{a="1",a!="2"} > 0'),
  pair(
    'cannot-fire',
    'a value that the regular expression leaves out',
    'x{a=~"b|c",a="d"} > 0',
    'x{a=~"b|c",a="c"} > 0',
  ),
  pair('cannot-fire', 'a matcher that refuses everything', 'x{a!~".*"} > 0', 'x{a!~".+"} > 0'),
  pair(
    'cannot-fire',
    'sums by different labels',
    'sum(x) / sum by (job) (x) > 1',
    'sum(x) / on () group_right sum by (job) (x) > 1',
  ),
  pair(
    'cannot-fire',
    'sides that demand different values',
    'x{a="1"} / y{a="2"} > 1',
    'x{a="1"} / ignoring (a) y{a="2"} > 1',
  ),
  pair(
    'cannot-fire',
    'and between sums by different labels',
    'sum by (a) (x) > 1 and sum by (b) (y) > 1',
    'sum by (a) (x) > 1 and sum by (a) (y) > 1',
  ),
  pair('cannot-fire', 'a condition on the hour without on ()', 'x > 5 and hour() > 8', 'x > 5 and on () hour() > 8'),
  pair('cannot-fire', 'a count of nothing', 'count(x) == 0', 'count(x) == 1'),
  pair('cannot-fire', 'a sum over what is filtered to 0', 'sum(x == 0) > 0', 'sum(x != 0) > 0'),
  pair('cannot-fire', 'a rate below 0', 'rate(x_total[5m]) < 0', 'rate(x_total[5m]) < 1'),
  pair('cannot-fire', 'up above 1', 'up > 1', 'up < 1'),
  pair('cannot-fire', 'a seventh day of the week', 'day_of_week() == 7', 'day_of_week() == 6'),
  pair('cannot-fire', 'above 5 and below 3 at once', 'x > 5 and x < 3', 'x > 3 and x < 5'),
  pair('cannot-fire', 'a filter above 5 compared with below 3', '(x > 5) < 3', '(x > 3) < 5'),
  pair(
    'cannot-fire',
    'a metric against itself',
    'sum(rate(x_total[5m])) / sum(rate(x_total[5m])) > 1',
    'sum(rate(x_total[5m])) / sum(rate(y_total[5m])) > 1',
  ),
  pair('always-fires', 'bool keeps the series', 'x > bool 5', '(x > bool 5) == 1'),
  pair(
    'lifetime-quantile',
    'no rate',
    'histogram_quantile(0.9, sum by (le) (x_bucket)) > 1',
    'histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))) > 1',
  ),
  pair(
    'lifetime-ratio',
    'counters as they stand',
    'sum(hits_total) / sum(requests_total) < 0.5',
    'sum(rate(hits_total[5m])) / sum(rate(requests_total[5m])) < 0.5',
  ),
  pair('lifetime-ratio', 'a mean since the start', 'x_sum / x_count > 1', 'free_memory / memory_total > 1'),
  pair(
    'rate-on-gauge',
    'connections are a level',
    'rate(active_db_connections[5m]) > 1',
    'rate(db_connections_opened_total[5m]) > 1',
  ),
  pair(
    'gauge-function-on-counter',
    'delta of a counter',
    'delta(x_requests_total[5m]) > 1',
    'delta(x_requests[5m]) > 1',
  ),
  {
    id: 'per-second-as-share',
    name: 'an error rate above 0.1 per second',
    bad: [alert('rate(x_total{status="500"}[5m]) > 0.1', { alert: 'HighErrorRate' })],
    good: [
      alert('rate(x_total{status="500"}[5m]) > 0.1', {
        alert: 'HighErrorRate',
        annotations: { summary: 'over 0.1 errors per second' },
      }),
    ],
  },
  pair(
    'percent-against-ratio',
    'five percent of a share written as 5',
    'sum(rate(x_total{code="500"}[5m])) / sum(rate(x_total[5m])) > 5',
    'sum(rate(x_total{code="500"}[5m])) / sum(rate(x_total[5m])) > 0.05',
  ),
  {
    id: 'percent-against-ratio',
    name: 'one metric in percent and as a ratio',
    bad: [[alert('model_accuracy < 95')], [alert('model_accuracy < 0.9', { alert: 'B' })]],
    good: [[alert('model_accuracy < 95')], [alert('model_accuracy < 90', { alert: 'B' })]],
  },
  {
    id: 'percent-against-ratio',
    name: 'one metric in percent and as a ratio, of which one matches every system',
    bad: [[alert('model_accuracy < 95')], [alert('min by (job) (model_accuracy{system="b"}) < 0.9', { alert: 'B' })]],
    good: [
      [alert('model_accuracy{system="a"} < 95')],
      [alert('min by (job) (model_accuracy{system="b"}) < 0.9', { alert: 'B' })],
    ],
  },
  pair('short-window', 'two scrapes in the window', 'rate(x_total[30s]) > 0', 'rate(x_total[1m]) > 0'),
  {
    id: 'short-for',
    name: 'one scrape in for',
    bad: [alert('x > 1', { for: '15s' })],
    good: [alert('x > 1', { for: '30s' })],
  },
  {
    id: 'lost-label',
    name: 'an annotation with a label that the sum drops',
    bad: [alert('sum by (job) (x) > 1', { annotations: { summary: '{{ $labels.instance }}' } })],
    good: [
      alert('sum by (job) (x) > 1', {
        annotations: { summary: '{{ $labels.job }}{{ if $labels.instance }}{{ $labels.instance }}{{ end }}' },
      }),
    ],
  },
  {
    id: 'lost-label',
    name: 'the labels of the rule are not in $labels',
    bad: [alert('sum(x) > 1', { labels: page, annotations: { summary: '{{ $labels.severity }}' } })],
    good: [alert('x > 1', { labels: page, annotations: { summary: '{{ $labels.severity }}' } })],
  },
  {
    id: 'lost-label',
    name: 'absent() has only the labels of its equality matchers',
    bad: [alert('absent(up{job=~"a|b"})', { annotations: { summary: '{{ $labels.job }}' } })],
    good: [alert('absent(up{job="a"})', { annotations: { summary: '{{ $labels.job }}' } })],
  },
  {
    id: 'lost-label',
    name: 'a matcher on a label that the recording rule drops',
    bad: [{ record: 'a:x:sum', expr: 'sum by (job) (x)' }, alert('a:x:sum{instance="1"} > 1')],
    good: [{ record: 'a:x:sum', expr: 'sum by (job, instance) (x)' }, alert('a:x:sum{instance="1"} > 1')],
  },
  pair(
    'lost-label',
    'a join on a label that one side has lost',
    'x * on (instance) group_left sum by (job) (y) > 1',
    'x * on (job) group_left sum by (job) (y) > 1',
  ),
  pair(
    'lost-label',
    'group_left of a label that is not there',
    'x * on (job) group_left (version) sum by (job) (y) > 1',
    'x * on (job) group_left (version) sum by (job, version) (y) > 1',
  ),
  pair(
    'lost-label',
    'le dropped before the quantile',
    'histogram_quantile(0.9, sum(rate(x_bucket[5m]))) > 1',
    'histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))) > 1',
  ),
  pair(
    'born-with-error',
    'any error of a series that begins with it',
    'rate(x_total{status="error"}[5m]) > 0',
    'rate(x_total{status="error"}[5m]) > 0 or (x_total{status="error"} unless x_total{status="error"} offset 5m) > 0',
  ),
  pair(
    'born-with-error',
    'a counter without such a label exists from the start',
    'increase(x_total{code=~"5.."}[5m]) > 0',
    'increase(x_errors_total[5m]) > 0',
  ),
  {
    id: 'value-in-labels',
    name: 'the value in a label',
    bad: [alert('x > 1', { labels: { v: '{{ $value }}' } })],
    good: [alert('x > 1', { labels: { v: '{{ $labels.job }}' }, annotations: { v: '{{ $value }}' } })],
  },
  {
    id: 'duplicate-identity',
    name: 'two alerts on one expression with the same labels',
    bad: [alert('x > 1', { labels: page }), alert('x > 2', { labels: page, for: '5m' })],
    good: [
      alert('x > 1', { labels: page }),
      alert('x > 2', { labels: { severity: 'warning' }, for: '5m' }),
    ].toReversed(),
  },
  {
    id: 'duplicate-identity',
    name: 'a fixed label over the only one that differs',
    bad: [alert('sum by (job) (x) > 1', { labels: { job: 'all' } })],
    good: [alert('sum by (job) (x) > 1', { labels: { scope: 'all' } })],
  },
  {
    id: 'contradictory-severities',
    name: 'a warning above the critical limit',
    bad: [alert('x > 80', { labels: { severity: 'critical' } }), alert('x > 90', { labels: { severity: 'warning' } })],
    good: [alert('x > 90', { labels: { severity: 'critical' } }), alert('x > 80', { labels: { severity: 'warning' } })],
  },
  {
    id: 'contradictory-severities',
    name: 'one name, one severity, two limits in two files',
    bad: [
      [alert('cpu > 70', { alert: 'high_cpu', labels: page })],
      [alert('cpu > 80', { alert: 'HighCPU', labels: page })],
    ],
    good: [
      [alert('cpu{a="1"} > 70', { alert: 'high_cpu', labels: page })],
      [alert('cpu{a="2"} > 80', { alert: 'HighCPU', labels: page })],
    ],
  },
  {
    id: 'missing-absent-twin',
    name: 'a page that ends when its metric vanishes',
    bad: [alert('x > 1', { labels: page })],
    good: [alert('x > 1', { labels: page }), alert('absent(x)', { alert: 'B' })],
  },
  {
    id: 'missing-absent-twin',
    name: 'a page whose metric is missed only while something else is on',
    bad: [alert('rate(x_bucket[5m]) > 1', { labels: page }), alert('y > 1 unless x_count', { alert: 'B' })],
    good: [alert('rate(x_bucket[5m]) > 1', { labels: page }), alert('up == 1 unless on (job) x_count', { alert: 'B' })],
  },
  pair(
    'quantile-per-series',
    'no sum before the quantile',
    'histogram_quantile(0.9, rate(x_bucket[5m])) > 1',
    'histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))) > 1',
  ),
  {
    id: 'same-name-elsewhere',
    name: 'one name in two files',
    bad: [[alert('x > 1')], [alert('y > 1')]],
    good: [[alert('x > 1')], [alert('y > 1', { alert: 'B' })]],
  },
  pair('no-comparison', 'a sum that is compared with nothing', 'sum(x)', 'sum(x) > 0'),
  pair(
    'idle-unless',
    'unless with other labels',
    'sum by (a) (x) > 1 unless sum by (b) (y) > 1',
    'sum by (a) (x) > 1 unless sum by (a) (y) > 1',
  ),
  pair('lifetime-count', 'a counter against a limit', 'x_errors_total > 10', 'x_errors > 10'),
  {
    id: 'instant-rate',
    name: 'irate with for',
    bad: [alert('irate(x_total[5m]) > 1', { for: '5m' })],
    good: [alert('rate(x_total[5m]) > 1', { for: '5m' })],
  },
];

const files = (rules: Row['bad']): (readonly TestRule[])[] =>
  Array.isArray(rules[0]) ? (rules as (readonly TestRule[])[]) : [rules as readonly TestRule[]];

describe.each(ROWS)('$id: $name', ({ id, bad, good }) => {
  const seen = (rules: Row['bad']) => findingsOf(...files(rules)).filter((found) => found.endsWith(` ${id}`));
  test('is found', () => expect(seen(bad)).not.toEqual([]));
  test('is not claimed once it is put right', () => expect(seen(good)).toEqual([]));
});

test('every check has a row', () => {
  expect(new Set(ROWS.map(({ id }) => id))).toEqual(new Set(Object.keys(CHECKS)));
});

describe('the place of a finding', () => {
  test.each([
    ['in a folded block', 'expr: >-\n          histogram_quantile(0.9,\n            x_bucket) > 1', [7, 13]],
    [
      'in a literal block with a comment',
      'expr: |  # the limit\n          histogram_quantile(0.9,\n\n            x_bucket) > 1',
      [8, 13],
    ],
    ['in double quotes with an escape', 'expr: "histogram_quantile(0.9, x_bucket{a=\\"b\\"}) > 1"', [5, 40]],
    ['on one line', 'expr: histogram_quantile(0.9, x_bucket) > 1', [5, 39]],
  ])('%s', (_, expr, [line, column]) => {
    const text = `groups:\n  - name: g\n    rules:\n      - alert: A\n        ${expr}\n`;
    const places = auditTexts({ 'a.yml': text }).flatMap(({ findings }) => findings.map(({ place }) => place));
    expect(places).toEqual([{ file: 'a.yml', line, column }]);
  });
});

test('every fix that is a whole expression can be read', () => {
  const fixes = ROWS.flatMap(({ bad }) => files(bad).flatMap((rules) => auditTexts({ 'a.yml': ruleFile(rules) })))
    .flatMap(({ findings }) => findings)
    .filter(({ id }) => /^(lifetime|rate-on|gauge|per-second|percent|short-window|born|quantile|instant)/.test(id))
    .flatMap(({ id, fix }) => (fix === null || /^(choose|take)/.test(fix) ? [] : [{ id, fix }]));
  expect(fixes.length).toBeGreaterThan(10);
  const again = auditTexts({ 'a.yml': ruleFile(fixes.map(({ fix }) => alert(fix))) });
  for (const [index, { findings }] of again.entries()) {
    expect(
      findings.map(({ id }) => id),
      fixes[index]?.fix,
    ).not.toContain('syntax');
    expect(
      findings.map(({ id }) => id),
      fixes[index]?.fix,
    ).not.toContain(fixes[index]?.id);
  }
});

test('10,000 expressions by the grammar: no crash', () => {
  const random = new Random(20);
  const rules = Array.from({ length: 10_000 }, (_, index) =>
    alert(randomText(random, 4), { alert: `A${index % 500}` }),
  );
  const found = auditTexts({ 'a.yml': ruleFile(rules) });
  expect(found).toHaveLength(10_000);
  expect(found.filter(({ expr }) => expr !== null).length).toBeGreaterThan(1_000);
});

test('thousands of alerts of one name on one metric are compared in bounded time', () => {
  const rules = Array.from({ length: 5_000 }, (_, index) =>
    alert(`model_accuracy > ${index + 1}`, { labels: { severity: index % 2 === 0 ? 'page' : 'warning' } }),
  );
  const started = performance.now();
  expect(auditTexts({ 'a.yml': ruleFile(rules) })).toHaveLength(5_000);
  // Each with each other one would be 12.5 million comparisons, most of them with a finding.
  expect(performance.now() - started).toBeLessThan(10_000);
});
