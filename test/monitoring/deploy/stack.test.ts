import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { PERSONAL_LABELS } from '../../../monitoring/personal-data.ts';
import { derivePrometheusConfig } from '../../../monitoring/prometheus-config.ts';
import { runCommand } from '../../../scripts/process/run-command.ts';
import { startPrometheus, writeFiles } from '../../../scripts/stack/prometheus.ts';
import { startServer } from '../../../scripts/stack/server.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { testPrometheuses, testRun, until } from '../../scripts/stack/helpers.ts';
import { runTool } from '../support.ts';
import { CATALOGUE, derived, interpolated, TEXTS } from './support.ts';

interface Job {
  job_name: string;
  static_configs?: { targets: string[]; labels?: Record<string, string> }[];
}

const MOUNTED = Object.fromEntries(
  [...TEXTS]
    .filter(([path]) => /^prometheus\/[^/]+$/.test(path))
    .map(([path, text]) => [path.slice('prometheus/'.length), text]),
);
const jobsOf = (text: string): Job[] => parse(text).scrape_configs;
const jobs = jobsOf(derived('prometheus/prometheus.yml'));

describe('the derived configuration of Prometheus', () => {
  test.each(['prometheus.yml', 'prometheus-long-term.yml', 'prometheus-archive.yml'])(
    'promtool accepts %s',
    async (file) => {
      const result = await runTool('promtool', ['check', 'config', file], MOUNTED);
      expect(result.ok, result.output).toBe(true);
    },
  );

  test('scrapes every 30 s and evaluates every 15 s', () => {
    expect(parse(derived('prometheus/prometheus.yml')).global).toEqual({
      scrape_interval: '30s',
      evaluation_interval: '15s',
    });
  });

  test('scrapes the monitoring stack itself, with the labels that all series carry', () => {
    const own = jobs.filter(({ job_name: name }) => !name.startsWith('services'));
    expect(own.map(({ job_name: name }) => name)).toEqual([
      'prometheus',
      'alertmanager',
      'grafana',
      'node-exporter',
      'cadvisor',
      'redis-exporter',
    ]);
    for (const { job_name: service, static_configs: [target] = [] } of own) {
      expect(target?.labels).toEqual({ system: 'firedrill', service, environment: 'sim' });
    }
  });

  test('has the prober pushed or pulled, never both', () => {
    const pulls = (text: string) => jobsOf(text).some(({ job_name: name }) => name === 'firedrill');
    const pushes = parse(derived('docker-compose.monitoring.yml')).services['firedrill-prober'].command.join(' ');
    expect(pushes).toContain('--remote-write=http://prometheus:9090/api/v1/write');
    expect(pulls(derived('prometheus/prometheus.yml'))).toBe(false);
    expect(pulls(derivePrometheusConfig(CATALOGUE, { prober: '127.0.0.1:9115' }))).toBe(true);
  });

  test('has no labels for the outside: they would be on what is archived, and hide it from queries', () => {
    for (const text of Object.values(MOUNTED)) expect(text).not.toContain('external_labels');
  });
});

test('amtool accepts the derived routes, with the secrets that they name; Alertmanager starts with them as the Compose file starts it', async () => {
  const { dir, scope } = await testRun();
  const config = derived('alertmanager/alertmanager.yml').replace(/_file: \S*\//g, `_file: ${dir}/`);
  const secrets = [...config.matchAll(/_file: \S*\/(\S+)/g)].map(([, name]) => [name, 'https://secret.invalid/x']);
  const templates = [...TEXTS].filter(([path]) => path.startsWith('alertmanager/templates/'));
  await writeFiles(dir, {
    ...Object.fromEntries(secrets),
    ...Object.fromEntries(templates.map(([path, text]) => [path.slice('alertmanager/'.length), text])),
    'alertmanager.yml': config,
  });
  const { path: amtool } = await resolveTool('amtool');
  const result = await runCommand(amtool, ['check-config', 'alertmanager.yml'], { cwd: dir, timeoutMs: 30_000 });
  expect(result.ok, result.output).toBe(true);
  expect(result.output).toContain('SUCCESS');

  const { command } = parse(derived('docker-compose.monitoring.yml')).services.alertmanager;
  const { url } = await startServer({
    scope,
    name: 'Alertmanager',
    program: (await resolveTool('alertmanager')).path,
    dir,
    configFile: join(dir, 'alertmanager.yml'),
    readyDeadlineMs: 30_000,
    args: [
      ...command.map((one: string) =>
        interpolated(one, {}).replace('=/etc/alertmanager/', '=').replace('=/alertmanager', '=data'),
      ),
      '--web.listen-address=127.0.0.1:0',
    ],
  });
  expect((await fetch(`${url}/-/ready`)).status).toBe(200);
});

const prometheuses = await testPrometheuses();

describe.each(prometheuses.map((tool) => ({ version: tool.version, tool })))('Prometheus $version', ({ tool }) => {
  test('starts as the Compose file starts it', async () => {
    const { dir, scope } = await testRun();
    await writeFiles(dir, MOUNTED);
    const { command } = parse(derived('docker-compose.monitoring.yml')).services.prometheus;
    const args = command
      .map((one: string) => interpolated(one, { PROMETHEUS_CONFIG: 'prometheus-archive.yml' }))
      .map((one: string) => one.replace('=/etc/prometheus/', '=').replace('=/prometheus', '=data'));
    const { url } = await startServer({
      scope,
      name: 'Prometheus',
      program: tool.path,
      dir,
      configFile: join(dir, 'prometheus-archive.yml'),
      readyDeadlineMs: 30_000,
      args: [...args, '--web.listen-address=127.0.0.1:0'],
    });
    const { data } = (await (await fetch(`${url}/api/v1/status/flags`)).json()) as { data: Record<string, string> };
    expect(data).toMatchObject({ 'storage.tsdb.retention.time': '15d', 'web.enable-admin-api': 'true' });
  });

  test('keeps no personal label as it came, and archives what was recorded, and that alone', async () => {
    const { dir, scope } = await testRun();
    const service = await personal();
    const archive = await startPrometheus({
      scope,
      tool,
      dir: join(dir, 'archive'),
      config: derived('prometheus/prometheus-archive.yml'),
    });
    const config = (scrapes: boolean) => {
      const whole = parse(
        derivePrometheusConfig(CATALOGUE, { archive: archive.url, scrapeIntervalMs: 250, evaluationIntervalMs: 250 }),
      );
      const [job] = whole.scrape_configs;
      const { file_sd_configs: _, relabel_configs: __, tls_config: ___, ...kept } = job;
      return JSON.stringify({
        ...whole,
        rule_files: ['rules.yml'],
        alerting: {},
        scrape_configs: scrapes ? [{ ...kept, static_configs: [{ targets: [service] }] }] : [],
      });
    };
    const rules = {
      'rules.yml':
        'groups: [{name: firedrill-aggregates, rules: [{record: "system_service:requests:rate5m", expr: sum(requests_total)}]}]',
    };
    const main = await startPrometheus({ scope, tool, dir: join(dir, 'main'), config: config(true), ruleFiles: rules });

    const series = await until(
      () => main.query('requests_total'),
      (found) => found.length > 0,
      20_000,
    );
    expect(series.length).toBe(3);
    const [ada, grace, nobody] = ['/ada', '/grace', '/nobody'].map((path) =>
      series.find(({ labels }) => labels.path === path),
    );
    expect(ada?.labels.user_id).toMatch(/^\d+$/);
    expect(grace?.labels.user_id).toMatch(/^\d+$/);
    expect(ada?.labels.user_id).not.toBe(grace?.labels.user_id);
    expect(JSON.stringify(series)).not.toMatch(/__hashed|ada@|"u-1"|"u-2"/);
    for (const label of PERSONAL_LABELS) expect(nobody?.labels).not.toHaveProperty(label);

    const archived = await until(
      () => archive.query('{__name__=~".+"}'),
      (found) => found.length > 0,
      20_000,
    );
    expect([...new Set(archived.map(({ labels }) => labels.__name__))]).toEqual(['system_service:requests:rate5m']);
    await main.stop();
    // A Prometheus without data of its own reads what is older in the archive.
    const later = await startPrometheus({
      scope,
      tool,
      dir: join(dir, 'later'),
      config: config(false),
      ruleFiles: rules,
    });
    expect((await later.query('system_service:requests:rate5m')).map(({ value }) => value)).toEqual([6]);
  });
});

/** A service that says who its users are. */
async function personal(): Promise<string> {
  const server = createServer((_, response) => {
    response
      .writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' })
      .end(
        [
          'requests_total{path="/ada",user_id="u-1",email="ada@example.com"} 1',
          'requests_total{path="/grace",user_id="u-2"} 2',
          'requests_total{path="/nobody"} 3',
          '',
        ].join('\n'),
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
