import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, type TestContext } from 'vitest';
import { LivePair } from '../../../../scripts/drill/attached/api.ts';
import { LOCK_METRIC } from '../../../../scripts/drill/attached/lock.ts';
import type { AttachedOptions } from '../../../../scripts/drill/attached/types.ts';
import { createOutput } from '../../../../scripts/output.ts';
import { ProcessScope } from '../../../../scripts/process/scope.ts';
import { startAlertmanager } from '../../../../scripts/stack/alertmanager.ts';
import { type Prometheus, startPrometheus } from '../../../../scripts/stack/prometheus.ts';
import { WebhookReceiver } from '../../../../scripts/stack/webhook.ts';
import { resolveTools } from '../../../../scripts/tools/resolve.ts';

/** Rules as a team could run them, with windows so short that a test can wait for them. */
export const RULES = `
groups:
  - name: shop
    interval: 1s
    rules:
      - alert: ShopDown
        expr: shop_up == 0
        for: 2s
        labels: {severity: critical}
      - alert: ShopErrors
        expr: sum by (job) (rate(shop_errors_total[10s])) / sum by (job) (rate(shop_requests_total[10s])) > 0.1
        for: 1s
        labels: {severity: warning}
      - alert: ShopTotal
        expr: sum(shop_orders_waiting) > 50
        labels: {severity: warning}
      - alert: QueueLong
        expr: shop_queue_length > 10
        labels: {severity: warning}
      - record: shop:queue_length:sum
        expr: sum(shop_queue_length)
`;

export const ROUTES = `
route:
  receiver: slack
  group_wait: 1s
  group_interval: 1s
  routes:
    - matchers: [severity="critical"]
      receiver: pager
receivers:
  - name: slack
    webhook_configs: [{url: 'SLACK'}]
  - name: pager
    webhook_configs: [{url: 'PAGER'}]
`;

/** A pair with its own receivers, as those that a drill must not disturb. */
export interface TeamPair {
  readonly prometheus: Prometheus;
  readonly receivers: WebhookReceiver;
  readonly pair: LivePair;
  readonly options: AttachedOptions;
}

/** Gone when the test is over. The context is that of the test: tests that run at once have one each. */
export async function startTeamPair(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  {
    rules = RULES,
    routes = ROUTES,
    change = {},
  }: { rules?: string; routes?: string; change?: Partial<AttachedOptions> } = {},
): Promise<TeamPair> {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-attached-'));
  const scope = new ProcessScope();
  const receivers = await WebhookReceiver.start();
  onTestFinished(async () => {
    await scope.stopAll();
    await receivers.close();
    await rm(dir, { recursive: true, force: true });
  });
  const tools = await resolveTools(['prometheus', 'promtool', 'alertmanager']);
  const alertmanager = await startAlertmanager({
    scope,
    tool: tools.alertmanager,
    dir: join(dir, 'alertmanager'),
    config: routes.replace('SLACK', receivers.urlFor('slack')).replace('PAGER', receivers.urlFor('pager')),
  });
  const prometheus = await startPrometheus({
    scope,
    tool: tools.prometheus,
    dir: join(dir, 'prometheus'),
    config: [
      'global: {evaluation_interval: 1s, external_labels: {cluster: test}}',
      'rule_files: [rules.yml]',
      `alerting: {alertmanagers: [{static_configs: [{targets: ['${new URL(alertmanager.url).host}']}]}]}`,
    ].join('\n'),
    ruleFiles: { 'rules.yml': rules },
  });
  await alertmanagerFound(prometheus.url);
  const options: AttachedOptions = {
    prometheusUrl: prometheus.url,
    alertmanagerUrl: alertmanager.url,
    alerts: [],
    maxDurationMs: 600_000,
    allowNotify: false,
    webhook: null,
    promtool: tools.promtool,
    cacheDir: join(dir, 'cache'),
    output: createOutput({ json: true, quiet: true }),
    signal: new AbortController().signal,
    ...change,
  };
  return { prometheus, receivers, pair: new LivePair(prometheus.url, alertmanager.url), options };
}

/** A Prometheus that runs for long knows its Alertmanager; Prometheus 2 looks for it 5 seconds after its start. */
async function alertmanagerFound(url: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const { data } = (await (await fetch(`${url}/api/v1/alertmanagers`)).json()) as {
      data: { activeAlertmanagers: unknown[] };
    };
    if (data.activeAlertmanagers.length > 0) return;
    expect(Date.now()).toBeLessThan(deadline);
    await delay(100);
  }
}

/** What a drill must not leave: series, alerts, silences that are in force. */
export async function expectNothingLeft({ pair }: TeamPair): Promise<void> {
  expect(await pair.query('{firedrill_drill!=""}')).toEqual([]);
  expect(await pair.query(`{__name__="${LOCK_METRIC}"}`)).toEqual([]);
  const silences = (await (await fetch(`${pair.alertmanagerUrl}/api/v2/silences`)).json()) as {
    status: { state: string };
  }[];
  expect(silences.filter(({ status }) => status.state !== 'expired')).toEqual([]);
}
