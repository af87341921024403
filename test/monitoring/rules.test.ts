import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { catalogueGroups } from '../../monitoring/alerts/catalogue-groups.ts';
import { deriveRules, deriveRulesText, type Rule } from '../../monitoring/rules.ts';
import { deriveRunbook } from '../../monitoring/runbook.ts';
import { scaleRules } from '../../monitoring/scale-rules.ts';
import type { Catalogue } from '../../thresholds/model.ts';
import { catalogueOf, runTool, SHOP } from './support.ts';

const catalogue = catalogueOf(SHOP);

function ruleOf(name: string, from: Catalogue = catalogue): Rule {
  const rule = deriveRules(from)
    .groups.flatMap(({ rules }) => rules)
    .find(({ alert }) => alert === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return rule;
}

test('promtool accepts the rules, as they are and on a faster clock', async () => {
  const text = deriveRulesText(catalogue, catalogueGroups(catalogue));
  const scaled = scaleRules(text, 60);
  expect(scaled.refused).toEqual([]);
  const result = await runTool('promtool', ['check', 'rules', 'a.yml', 'b.yml'], {
    'a.yml': text,
    'b.yml': scaled.text,
  });
  expect(result.output).toContain('SUCCESS: 4 rules found');
  expect(result.ok).toBe(true);
});

test('a rule carries what routes, inhibition and a reader need', () => {
  expect(ruleOf('HighErrorRate')).toMatchObject({
    for: '2m',
    labels: { severity: 'warning', team: 'shop', objective: 'errors', system: 'shop' },
    annotations: { runbook_url: 'monitoring/runbook.md#shop-higherrorrate' },
  });
});

test('every runbook link has its heading', () => {
  const headings = [...deriveRunbook(catalogue).matchAll(/^## (.+)$/gm)].map(([, text]) => {
    return (text ?? '').toLowerCase().replaceAll(' ', '-');
  });
  const anchors = deriveRules(catalogue)
    .groups.flatMap(({ rules }) => rules)
    .flatMap(({ annotations }) => annotations?.runbook_url?.split('#')[1] ?? []);
  expect(anchors).toEqual(headings);
  expect(anchors.length).toBeGreaterThan(4);
});

test('services that count by different metrics are joined, each kept to its own', () => {
  const second = SHOP.replace(
    'alerts:\n',
    `  - id: pay
    kind: http
    address: 'fleet:'
    endpoints: [{path: /pay}]
    signals: {requests: {metric: pay_total, errors: 'ok="no"'}}
    metrics: [{name: pay_total, type: counter, labels: {ok: $outcome}}]
alerts:
`,
  );
  const { expr } = ruleOf('HighErrorRate', catalogueOf(second));
  expect(expr).toContain('http_requests_total{system="shop",service=~"api",status=~"5.."}');
  expect(expr).toContain('pay_total{system="shop",service=~"pay",ok="no"}');
});

test('an alert on latency without a metric for it names its place and the fix', () => {
  const [system] = catalogue.systems;
  if (system === undefined) throw new Error('no system');
  const services = system.services.map((service) => ({ ...service, signals: { requests: null, duration: null } }));
  expect(() => deriveRules({ ...catalogue, systems: [{ ...system, services }] })).toThrow(
    /^catalogue-0\.yaml:\d+:\d+: .*signals\.(requests|duration)/,
  );
});

/** Series at true durations, one sample a minute, and the minutes at which the alert fires (1) or does not (0). */
interface Behaviour {
  alert: string;
  series: Record<string, string>;
  fires: Record<number, 0 | 1>;
}

const API = 'system="shop",service="api",environment="sim"';
const bucket = (le: string) => `http_request_duration_seconds_bucket{${API},le="${le}"}`;
const requests = (status: string, labels = API) => `http_requests_total{${labels},status="${status}"}`;
const failing = `llm_requests_total{${API},provider="gemini",status="error"}`;
const up = `up{${API}}`;

const BEHAVIOURS: [string, Behaviour][] = [
  [
    'a target that is down fires after its `for` and resolves',
    { alert: 'ServiceDown', series: { [up]: '1x3 0x3 1x5' }, fires: { 3: 0, 4: 0, 5: 1, 7: 1, 8: 0 } },
  ],
  [
    'a target that is back before `for` stays silent',
    { alert: 'ServiceDown', series: { [up]: '1 1 0 1 1 1' }, fires: { 2: 0, 3: 0, 4: 0 } },
  ],
  ['no target at all stays silent', { alert: 'ServiceDown', series: {}, fires: { 5: 0 } }],
  [
    'another system that is down stays apart',
    { alert: 'ServiceDown', series: { [up]: '1x20', 'up{system="other",service="api"}': '0x20' }, fires: { 9: 0 } },
  ],
  [
    'errors at the limit stay silent',
    {
      alert: 'HighErrorRate',
      series: { [requests('200')]: '0+90x30', [requests('500')]: '0+10x30' },
      fires: { 20: 0 },
    },
  ],
  [
    'errors just above the limit fire after `for`',
    {
      alert: 'HighErrorRate',
      series: { [requests('200')]: '0+89x30', [requests('500')]: '0+11x30' },
      fires: { 1: 0, 2: 0, 3: 1, 20: 1 },
    },
  ],
  [
    'errors that stop resolve once they have left the window',
    {
      alert: 'HighErrorRate',
      series: { [requests('200')]: '0+60x30', [requests('500')]: '0+40x9 360x20' },
      fires: { 9: 1, 12: 1, 15: 0 },
    },
  ],
  [
    'no traffic is no error',
    { alert: 'HighErrorRate', series: { [requests('200')]: '90x30', [requests('500')]: '10x30' }, fires: { 20: 0 } },
  ],
  [
    'errors of another system with the same metric stay apart',
    {
      alert: 'HighErrorRate',
      series: { [requests('200')]: '0+90x30', [requests('500', 'system="other",service="api"')]: '0+90x30' },
      fires: { 20: 0 },
    },
  ],
  [
    'a percentile just below the limit stays silent',
    {
      alert: 'HighLatency',
      series: {
        [bucket('0.25')]: '0+90x30',
        [bucket('0.5')]: '0+96x30',
        [bucket('1')]: '0+100x30',
        [bucket('+Inf')]: '0+100x30',
      },
      fires: { 20: 0 },
    },
  ],
  [
    'a percentile just above the limit fires after `for`',
    {
      alert: 'HighLatency',
      series: {
        [bucket('0.25')]: '0+90x30',
        [bucket('0.5')]: '0+94x30',
        [bucket('1')]: '0+100x30',
        [bucket('+Inf')]: '0+100x30',
      },
      fires: { 5: 0, 6: 1, 20: 1 },
    },
  ],
  [
    'a slow hour after a fast week shows, and clears',
    {
      alert: 'HighLatency',
      series: {
        [bucket('0.5')]: '0+100x60 6000x15 6100+100x20',
        [bucket('1')]: '0+100x100',
        [bucket('+Inf')]: '0+100x100',
      },
      fires: { 59: 0, 72: 1, 90: 0 },
    },
  ],
  [
    'latency without traffic stays silent',
    { alert: 'HighLatency', series: { [bucket('0.5')]: '5x30', [bucket('+Inf')]: '100x30' }, fires: { 20: 0 } },
  ],
  [
    'the first error of a series that is born with it counts',
    {
      alert: 'LLMProviderError',
      series: { [up]: '1x40', [failing]: '_x10 1x29' },
      fires: { 9: 0, 10: 0, 11: 1, 14: 1, 15: 0 },
    },
  ],
  [
    'an error of a series that is there counts',
    { alert: 'LLMProviderError', series: { [up]: '1x40', [failing]: '7x10 8x29' }, fires: { 10: 0, 13: 1, 20: 0 } },
  ],
  [
    'errors from before the service was watched do not count',
    {
      alert: 'LLMProviderError',
      series: { [up]: '_x10 1x30', [failing]: '_x10 17x30' },
      fires: { 12: 0, 14: 0, 20: 0 },
    },
  ],
  [
    'a counter of errors that is born at zero is no error',
    { alert: 'LLMProviderError', series: { [up]: '1x40', [failing]: '_x10 0x29' }, fires: { 12: 0 } },
  ],
];

test.each(BEHAVIOURS)('%s: at true durations and on a faster clock', async (_, { alert, series, fires }) => {
  const rules = deriveRulesText(catalogue, catalogueGroups(catalogue));
  const tests = (unit: 'm' | 's', file: string) => {
    const exprs = Object.entries(fires).map(([minute, firing]) => ({
      expr: `count(ALERTS{alertname="${alert}",alertstate="firing",system="shop"}) or vector(0)`,
      eval_time: `${minute}${unit}`,
      exp_samples: [{ labels: '{}', value: firing }],
    }));
    const input = Object.entries(series).map(([name, values]) => ({ series: name, values }));
    return stringify({
      rule_files: [file],
      evaluation_interval: `1${unit}`,
      tests: [{ interval: `1${unit}`, input_series: input, promql_expr_test: exprs }],
    });
  };
  const result = await runTool('promtool', ['test', 'rules', 'true.test.yml', 'fast.test.yml'], {
    'true.yml': rules,
    'fast.yml': scaleRules(rules, 60).text,
    'true.test.yml': tests('m', 'true.yml'),
    'fast.test.yml': tests('s', 'fast.yml'),
  });
  expect(result.output).not.toContain('FAILED');
  expect(result.ok, result.output).toBe(true);
});

test('the interval of a group and keep_firing_for are scaled, limits are not, and what cannot be is named', () => {
  const text = stringify({
    groups: [
      {
        name: 'g',
        interval: '1m',
        rules: [
          { alert: 'A', expr: 'rate(x[5m]) > 60', for: '1m', keep_firing_for: '2m' },
          { alert: 'B', expr: 'vector(time()) > 5' },
        ],
      },
    ],
  });
  const { text: scaled, refused } = scaleRules(text, 60);
  expect(parse(scaled)).toEqual({
    groups: [
      {
        name: 'g',
        interval: '1000ms',
        rules: [{ alert: 'A', expr: 'rate(x[5s]) / 60 > 60', for: '1000ms', keep_firing_for: '2000ms' }],
      },
    ],
  });
  expect(refused).toEqual([{ group: 'g', rule: 'B', reason: 'time() reads the time, and there is no virtual clock' }]);
});
