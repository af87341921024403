import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { createRemoteWrite } from '../../../probes/delivery/remote-write.ts';
import { startProbes } from '../../../probes/runner.ts';
import { createCertificates } from '../../../scripts/fleet/certificates.ts';
import { onDemandOf } from '../../../scripts/probe/page-options.ts';
import { serveProbes } from '../../../scripts/probe/serve.ts';
import { ProcessScope } from '../../../scripts/process/scope.ts';
import { type Prometheus, startPrometheus } from '../../../scripts/stack/prometheus.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { catalogueOf, httpSpec, serve, serveHttp, until } from '../../probes/support.ts';

/**
 * The rules for blackbox_exporter of awesome-prometheus-alerts (samber.github.io/awesome-prometheus-alerts), as they stand there but for
 * BlackboxConfigurationReloadFailure and the windows: a minute in place of five seconds' worth of runs is what this test has.
 */
const RULES: Readonly<Record<string, string>> = {
  BlackboxConfigurationReloadFailure: 'blackbox_exporter_config_last_reload_successful != 1',
  BlackboxProbeFailed: 'probe_success == 0',
  BlackboxSlowProbe: 'avg_over_time(probe_duration_seconds[1m]) > 1',
  BlackboxProbeHttpFailure: 'probe_http_status_code <= 199 OR probe_http_status_code >= 400',
  BlackboxSslCertificateWillExpireSoon:
    '3 <= round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 20',
  BlackboxSslCertificateWillExpireVerySoon:
    '0 <= round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 3',
  BlackboxSslCertificateExpired:
    'round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 0',
  BlackboxProbeSlowHttp: 'avg_over_time(probe_http_duration_seconds[1m]) > 1',
};

/** Which of them hold on the services of this test, by the last part of the target. */
const HOLDS: Readonly<Record<string, readonly string[]>> = {
  BlackboxConfigurationReloadFailure: [],
  BlackboxProbeFailed: ['broken', 'expired'],
  BlackboxSlowProbe: ['slow'],
  BlackboxProbeHttpFailure: ['broken', 'expired'],
  BlackboxSslCertificateWillExpireSoon: [],
  BlackboxSslCertificateWillExpireVerySoon: [],
  BlackboxSslCertificateExpired: ['expired'],
  BlackboxProbeSlowHttp: ['slow'],
};

/** Queries of the dashboards 7587 and 13659 of grafana.com, their variables filled in. */
const DASHBOARD_QUERIES: readonly string[] = [
  'probe_success',
  'probe_http_status_code',
  'probe_http_version',
  'probe_http_ssl',
  'probe_duration_seconds',
  'probe_dns_lookup_time_seconds',
  'avg(probe_duration_seconds)',
  'avg(probe_dns_lookup_time_seconds)',
  'sum(probe_http_duration_seconds) by (phase)',
  'avg(probe_http_duration_seconds) by (phase)',
  'probe_ssl_earliest_cert_expiry - time()',
  'min(probe_ssl_earliest_cert_expiry - time())',
  'count(probe_success == 1)',
  'count(probe_success == 0)',
  'avg_over_time(probe_success[1m]) * 100',
];

const scope = new ProcessScope();
let folder: string;
const closers: (() => Promise<void>)[] = [];
const stores = new Map<string, Prometheus>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-'));
  const certificates = await createCertificates(Date.now());
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, certificates.ca);
  const web = await serveHttp((request, response) => {
    if (request.url === '/broken') response.writeHead(500).end();
    else if (request.url === '/slow') setTimeout(() => response.end('ok'), 1_200);
    else response.end('ok');
  });
  const secure = await serve(createTlsServer(certificates.valid, (_, response) => void response.end('ok')));
  const expired = await serve(createTlsServer(certificates.expired, (_, response) => void response.end('ok')));
  const at = { web: web.port, broken: web.port, slow: web.port, secure: secure.port, expired: expired.port };
  const spec = (id: string) => httpSpec({ path: `/${id}`, timeoutMs: 2_000, exports: ['answer'] });
  const plan = {
    catalogue: catalogueOf(Object.fromEntries(Object.keys(at).map((id) => [id, spec(id)]))),
    addresses: new Map(
      Object.entries(at).map(([id, port]) => [
        `shop/${id}`,
        `${id === 'secure' || id === 'expired' ? 'https' : 'http'}://127.0.0.1:${port}`,
      ]),
    ),
    caFile,
    intervalMs: 500,
  };
  const tool = await resolveTool('prometheus');
  const start = (name: string, config: string) => startPrometheus({ scope, tool, dir: join(folder, name), config });

  const pushed = await start('push', 'global: {}\n');
  stores.set('pushed', pushed);
  const sink = createRemoteWrite({ url: `${pushed.url}/api/v1/write`, clock: systemClock(), flushIntervalMs: 50 });
  const runner = startProbes({ ...plan, sink });
  const server = await serveProbes({
    runner,
    onDemand: onDemandOf({ listen: '', spoolLimit: 1 }, systemClock(), {}),
  });
  const { host } = new URL(server.url);
  stores.set(
    'scraped from /metrics',
    await start(
      'pull',
      `scrape_configs: [{ job_name: firedrill, honor_labels: true, scrape_interval: 1s, static_configs: [{ targets: ['${host}'] }] }]\n`,
    ),
  );
  // As blackbox_exporter's README configures it.
  stores.set(
    'scraped from /probe by relabeling',
    await start(
      'probe',
      `scrape_configs:
  - job_name: blackbox
    metrics_path: /probe
    params: { module: [http] }
    scrape_interval: 3s
    scrape_timeout: 3s
    static_configs: [{ targets: [${[...plan.addresses.keys()].join(', ')}] }]
    relabel_configs:
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__param_target], target_label: instance }
      - { target_label: __address__, replacement: '${host}' }
  - { job_name: own, scrape_interval: 1s, static_configs: [{ targets: ['${host}'] }], metric_relabel_configs: [{ source_labels: [__name__], regex: 'blackbox.*', action: keep }] }
`,
    ),
  );
  closers.push(
    () => server.stop(),
    async () => void (await runner.stop()),
    ...[web, secure, expired].map((each) => async () => void (await each[Symbol.asyncDispose]())),
  );
}, 60_000);
afterAll(async () => {
  for (const close of closers) await close();
  await scope.stopAll();
  await rm(folder, { recursive: true, force: true });
});

describe.each(['pushed', 'scraped from /metrics', 'scraped from /probe by relabeling'])('series %s', (how) => {
  const store = () => stores.get(how) as Prometheus;
  /** The services that a query gives, each once. */
  const services = async (query: string) =>
    [
      ...new Set(
        (await store().query(query)).map(({ labels }) => (labels.target ?? labels.instance ?? '').replace('shop/', '')),
      ),
    ].sort();

  it.each(Object.entries(RULES))('%s holds for the services that it should, and for no other', async (name, expr) => {
    await until(async () => ((await services('probe_success')).length === 5 ? true : undefined), 20_000);
    await until(
      async () => ((await services(expr)).join() === (HOLDS[name] ?? []).join() ? true : undefined),
      15_000,
    ).catch(() => undefined);
    expect(await services(expr)).toEqual(HOLDS[name]);
    // A rule that never could fire would hold for nobody as well: what it looks at is there.
    const metric = /(?:probe|blackbox)_\w+/.exec(expr)?.[0] ?? '';
    expect((await store().query(metric)).length).toBeGreaterThan(0);
  });

  it.each(DASHBOARD_QUERIES)('%s has data', async (query) => {
    const found = await until(async () => {
      const result = await store().query(query);
      return result.length > 0 ? result : undefined;
    }, 20_000);
    expect(found.every(({ value }) => Number.isFinite(value))).toBe(true);
  });
});
