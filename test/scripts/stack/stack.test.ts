import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HarnessError } from '../../../scripts/process/harness-error.ts';
import { startAlertmanager } from '../../../scripts/stack/alertmanager.ts';
import { startPrometheus } from '../../../scripts/stack/prometheus.ts';
import { QueryError } from '../../../scripts/stack/prometheus-api.ts';
import { WebhookReceiver } from '../../../scripts/stack/webhook.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { testPrometheuses, testRun, until } from './helpers.ts';

const QUIET = 'global: {scrape_interval: 250ms, evaluation_interval: 250ms}\n';
const ONE_RECEIVER = 'route: {receiver: team}\nreceivers: [{name: team}]\n';

async function failure(work: Promise<unknown>): Promise<HarnessError> {
  const error = await work.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(HarnessError);
  return error;
}

/** A target whose one metric, `fault`, can be set; it sends the Content-Type that Prometheus 3 insists on. */
async function target() {
  let fault = 0;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(`fault ${fault}\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const set = (value: number) => {
    fault = value;
  };
  return { address: `127.0.0.1:${port}`, set };
}

const prometheuses = await testPrometheuses();

describe.each(prometheuses.map((tool) => ({ version: tool.version, tool })))('Prometheus $version', ({ tool }) => {
  test('carries a fault through Alertmanager to the receiver and back to resolved', async () => {
    const { dir, scope } = await testRun();
    const webhook = await WebhookReceiver.start();
    onTestFinished(() => webhook.close());
    const { address, set } = await target();
    const alertmanager = await startAlertmanager({
      scope,
      tool: await resolveTool('alertmanager'),
      dir: join(dir, 'alertmanager'),
      config: `
route:
  receiver: team one
  group_wait: 0s
  group_interval: 250ms
  routes: [{matchers: ['receiver="none"'], receiver: none}]
receivers: [{name: none}, {name: team one, webhook_configs: [{url: '${webhook.urlFor('team one')}'}]}]
`,
    });
    const prometheus = await startPrometheus({
      scope,
      tool,
      dir: join(dir, 'prometheus'),
      lookbackDeltaMs: 5_000,
      config: `${QUIET}
rule_files: [rules/*.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['${new URL(alertmanager.url).host}']}]}]}
scrape_configs: [{job_name: fleet, file_sd_configs: [{files: [targets/fleet.json]}]}]
`,
      ruleFiles: {
        'rules/a.yml': `groups: [{name: g, rules: [
          {alert: Faulty, expr: fault > 0, for: 500ms}, {alert: Always, expr: vector(1), labels: {receiver: none}}]}]\n`,
      },
    });
    await prometheus.writeTargets('fleet', [{ targets: [address], labels: { system: 'demo' } }]);
    await until(
      () => prometheus.query('fault == 0'),
      (found) => found.length === 1,
      20_000,
    );
    expect(await prometheus.targets()).toMatchObject([{ health: 'up', labels: { system: 'demo' } }]);
    const [group] = await prometheus.rules();
    expect(group).toMatchObject({
      name: 'g',
      file: 'rules/a.yml',
      rules: [{ name: 'Faulty', type: 'alerting' }, { name: 'Always' }],
    });

    // Prometheus writes ALERTS from its third evaluation on: an earlier fault would seem to have been pending for less.
    await until(
      () => prometheus.query('ALERTS{alertname="Always"}'),
      (found) => found.length === 1,
      20_000,
    );

    set(1);
    const firing = await webhook.waitFor(({ status }) => status === 'firing', 10_000);
    expect(firing).toMatchObject({ receiver: 'team one', statedReceiver: 'team one' });
    expect(firing?.alerts[0]?.labels).toMatchObject({ alertname: 'Faulty', system: 'demo' });
    const active = (await prometheus.alerts()).filter(({ labels }) => labels.alertname === 'Faulty');
    expect(active).toMatchObject([{ state: 'firing', value: 1 }]);
    const held = (await alertmanager.alerts()).filter(({ labels }) => labels.alertname === 'Faulty');
    expect(held).toMatchObject([{ state: 'active', receivers: ['team one'] }]);

    set(0);
    const resolved = await webhook.waitFor(({ status }) => status === 'resolved', 10_000);
    expect(resolved?.alerts[0]).toMatchObject({ status: 'resolved', fingerprint: firing?.alerts[0]?.fingerprint });
    const states = await prometheus.queryRaw('ALERTS{alertname="Faulty"}[1m]');
    const first = (state: string) =>
      states.find(({ labels }) => labels.alertstate === state)?.points[0]?.timeSeconds ?? Number.NaN;
    expect(first('firing') - first('pending')).toBeCloseTo(0.5, 1);
  });

  test('says what is wrong in a configuration, with its path', async () => {
    const { dir, scope } = await testRun();
    const error = await failure(startPrometheus({ scope, tool, dir, config: 'global: {scrape_intervall: 1s}\n' }));
    expect(error.message).toContain('Prometheus ended before it was ready');
    expect(error.reason).toContain('field scrape_intervall not found');
    expect(error.hint).toContain(join(dir, 'prometheus.yml'));
  });

  test('says what is wrong in a rule file, although it begins to listen before it reads it', async () => {
    const { dir, scope } = await testRun();
    const config = 'rule_files: [bad.yml]\n';
    const ruleFiles = { 'bad.yml': 'groups: [{name: g, rules: [{alert: A, expr: "sum("}]}]\n' };
    const error = await failure(startPrometheus({ scope, tool, dir, config, ruleFiles }));
    expect(error.reason).toContain('could not parse expression');
    expect(error.reason).toContain('bad.yml');
  });

  test('refuses a wrong configuration on reload and goes on with the old one', async () => {
    const { dir, scope } = await testRun();
    const prometheus = await startPrometheus({ scope, tool, dir, config: QUIET });
    await prometheus.writeConfig('nonsense: 1\n');
    const error = await failure(prometheus.reload());
    expect(error.reason).toContain('field nonsense not found');
    expect(await prometheus.query('vector(7)')).toMatchObject([{ value: 7 }]);
    await prometheus.writeConfig(`${QUIET}rule_files: [r.yml]\n`, {
      'r.yml': 'groups: [{name: later, rules: [{record: a, expr: vector(1)}]}]\n',
    });
    await prometheus.reload();
    expect(await prometheus.rules()).toMatchObject([{ name: 'later' }]);
    await prometheus.writeConfig(`${QUIET}rule_files: [r.yml]\n`, {
      'r.yml': 'groups: [{name: broken, rules: [{record: a, expr: "sum("}]}]\n',
    });
    expect((await failure(prometheus.reload())).reason).toContain('could not parse expression');
  });

  test('reads numbers that JSON has no words for, and names a wrong query', async () => {
    const { dir, scope } = await testRun();
    const prometheus = await startPrometheus({ scope, tool, dir, config: QUIET });
    const value = async (promql: string) => (await prometheus.query(promql))[0]?.value;
    expect(await value('vector(0)/0')).toBeNaN();
    expect(await value('1/0')).toBe(Number.POSITIVE_INFINITY);
    expect(await value('vector(-1)/0')).toBe(Number.NEGATIVE_INFINITY);
    const [series] = await prometheus.queryRange('vector(3)', { startSeconds: 60, endSeconds: 120, stepSeconds: 30 });
    expect(series?.points).toEqual([60, 90, 120].map((timeSeconds) => ({ timeSeconds, value: 3 })));
    await expect(prometheus.query('sum(')).rejects.toThrow(QueryError);
    await expect(prometheus.query('up[1m]')).rejects.toThrow('gives a matrix, a vector is expected in: up[1m]');
    await expect(prometheus.queryRaw('up')).rejects.toThrow('gives a vector, a range vector is expected');
    await prometheus.stop();
    const error = await failure(prometheus.query('up'));
    expect(error.reason).toContain('ECONNREFUSED');
  });

  test('names the port that another process has taken', async () => {
    const { dir, scope } = await testRun();
    const { address } = await target();
    const port = Number(new URL(`http://${address}`).port);
    const error = await failure(startPrometheus({ scope, tool, dir, config: QUIET, port }));
    expect(error.reason).toContain(`127.0.0.1:${port}: bind: address already in use`);
    expect(error.reason).toContain('the end of its output:');
  });
});

describe('Alertmanager', () => {
  test('says what is wrong in a configuration, with its path', async () => {
    const { dir, scope } = await testRun();
    const tool = await resolveTool('alertmanager');
    const error = await failure(startAlertmanager({ scope, tool, dir, config: 'route: {receiver: nobody}\n' }));
    expect(error.message).toContain('Alertmanager ended before it was ready');
    expect(error.reason).toContain('nobody');
    expect(error.hint).toContain(join(dir, 'alertmanager.yml'));
  });

  test('takes a new configuration on reload, and refuses a wrong one', async () => {
    const { dir, scope } = await testRun();
    const alertmanager = await startAlertmanager({
      scope,
      tool: await resolveTool('alertmanager'),
      dir,
      config: ONE_RECEIVER,
    });
    await alertmanager.writeConfig('route: {receiver: nobody}\n');
    expect((await failure(alertmanager.reload())).reason).toContain('nobody');
    await alertmanager.writeConfig(ONE_RECEIVER.replaceAll('team', 'other'));
    await alertmanager.reload();
    expect(await alertmanager.alerts()).toEqual([]);
  });
});

test('a run learns at once that Prometheus died', async () => {
  const { dir, scope } = await testRun();
  const [tool] = prometheuses;
  if (tool === undefined) throw new Error('no Prometheus');
  const prometheus = await startPrometheus({ scope, tool, dir, config: QUIET });
  const run = scope.guard(new Promise(() => undefined));
  process.kill(prometheus.process.pid, 'SIGKILL');
  const error = await failure(run);
  expect(error.message).toBe('Prometheus ended while the run needed it');
  expect(error.reason).toContain('killed by SIGKILL');
});
