import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { planRealTime, type RealTimeOptions, runRealTimeDrill } from '../../../../scripts/drill/real-time/drill.ts';
import { loadableFiles } from '../../../../scripts/drill/real-time/files.ts';
import { createOutput } from '../../../../scripts/output.ts';
import { ProcessScope } from '../../../../scripts/process/scope.ts';
import { resolveTools } from '../../../../scripts/tools/resolve.ts';

const RULES = `
groups:
  - name: shop
    interval: 1s
    rules:
      - alert: ShopSlow
        expr: shop_seconds > 5
        for: 3s
        labels: {severity: critical}
      - alert: ShopSluggish
        expr: shop_seconds > 2
        for: 1s
        labels: {severity: warning}
      - alert: ShopMonthly
        expr: avg_over_time(shop_orders[30d]) < 1
        labels: {severity: warning}
`;
/** The critical inhibits its warning: on one pair no drill could tell them apart. */
const ROUTES = `
route:
  receiver: slack
  group_wait: 1s
  group_interval: 2s
  routes: [{matchers: [severity="critical"], receiver: pager}]
receivers:
  - name: slack
    slack_configs: [{api_url: 'https://slack.example/x', channel: '#x'}]
  - name: pager
    pagerduty_configs: [{routing_key: x}]
inhibit_rules:
  - {source_matchers: [severity="critical"], target_matchers: [severity="warning"], equal: [job]}
`;

async function optionsFor(change: Partial<RealTimeOptions> = {}): Promise<RealTimeOptions> {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-real-time-'));
  const scope = new ProcessScope();
  onTestFinished(async () => {
    await scope.stopAll();
    await rm(dir, { recursive: true, force: true });
  });
  return {
    files: [{ path: 'rules.yml', text: RULES }],
    alertmanager: { path: 'alertmanager.yml', text: ROUTES },
    evaluationIntervalMs: 1_000,
    alerts: [],
    maxDurationMs: 600_000,
    tools: await resolveTools(['prometheus', 'promtool', 'alertmanager']),
    scope,
    dir,
    output: createOutput({ json: true, quiet: true }),
    signal: new AbortController().signal,
    ...change,
  };
}

test('files run as they are, at their own pace; what takes too long is left out and says how long', async () => {
  const options = await optionsFor();
  const plan = await planRealTime(options);
  const { rows, problems } = await runRealTimeDrill(plan, options, { onProgress: () => {}, stop: () => {} });
  expect(problems).toEqual([]);
  const row = (name: string) => rows.find(({ alert }) => alert === name);
  expect(row('ShopSlow')).toMatchObject({ outcome: 'pass', compression: 1, deliveredTo: ['pager'], reason: '' });
  const { detectedSeconds, deliveredSeconds } = row('ShopSlow') ?? {};
  expect(detectedSeconds).toBeGreaterThan(2.9);
  expect((deliveredSeconds ?? 0) - (detectedSeconds ?? 0)).toBeGreaterThan(0.95);
  expect(row('ShopSluggish')).toMatchObject({ outcome: 'pass', deliveredTo: ['slack'], reason: '' });
  expect(row('ShopMonthly')).toMatchObject({
    outcome: 'inconclusive',
    reason: expect.stringMatching(/takes .* in real time, more than --max-duration/),
  });
}, 120_000);

test('rule files reach Prometheus to the byte, resources as their groups, wrong ones not at all', () => {
  const resource = `kind: PrometheusRule\nspec:\n  groups:\n    - {name: a, rules: []}\n`;
  const files = [
    { path: 'a.yml', text: RULES },
    { path: 'b.yml', text: resource },
    { path: 'c.yml', text: 'groups: [' },
    { path: 'd.yml', text: 'kind: Service\n' },
  ];
  const problem = { file: 'c.yml', line: 1, column: 1, length: 1, path: '', rule: 'is no YAML', fix: '' };
  const loaded = loadableFiles(files, [problem]);
  expect(Object.keys(loaded)).toEqual(['rules-1.yml', 'rules-2.yml']);
  expect(loaded['rules-1.yml']).toBe(RULES);
  expect(loaded['rules-2.yml']).toBe('groups:\n  - name: a\n    rules: []\n');
});
