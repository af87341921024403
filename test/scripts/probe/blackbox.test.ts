import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { parseAllowedTarget } from '../../../probes/guard/guard.ts';
import { type ProbeRunner, startProbes } from '../../../probes/runner.ts';
import { startBlackboxExporter } from '../../../scripts/bench/blackbox-exporter.ts';
import { createCertificates } from '../../../scripts/fleet/certificates.ts';
import { onDemandOf } from '../../../scripts/probe/page-options.ts';
import { type ProbeServer, serveProbes } from '../../../scripts/probe/serve.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { catalogueOf, closedPort, httpSpec, serve, serveHttp, serveTcp, tcpSpec, until } from '../../probes/support.ts';

let folder: string;
let web: Awaited<ReturnType<typeof serveHttp>>;
let secure: Awaited<ReturnType<typeof serve>>;
let cache: Awaited<ReturnType<typeof serveTcp>>;
let dead: number;
let peer: Awaited<ReturnType<typeof startBlackboxExporter>>;
let runner: ProbeRunner;
let ours: ProbeServer;
let lookups = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-'));
  const certificates = await createCertificates(Date.now());
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, certificates.ca);
  web = await serveHttp((request, response) => {
    if (request.url === '/moved') return void response.writeHead(302, { location: '/' }).end();
    if (request.url === '/away') return void response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    if (request.url === '/broken') return void response.writeHead(500).end();
    if (request.url === '/slow') return;
    response.writeHead(200, { 'last-modified': 'Fri, 20 Nov 2026 10:00:00 GMT' }).end(`hello ${request.method}`);
  });
  secure = await serve(createTlsServer(certificates.valid, (_, response) => void response.end('hello')));
  cache = await serveTcp((socket) => void socket.write('SSH-2.0-test\r\n'));
  dead = await closedPort();
  peer = await startBlackboxExporter(`modules:
  http_2xx: { prober: http, timeout: 2s, http: { preferred_ip_protocol: ip4, tls_config: { ca_file: ${caFile} } } }
  tcp_connect: { prober: tcp, timeout: 2s, tcp: { preferred_ip_protocol: ip4 } }
  ssh_banner: { prober: tcp, timeout: 2s, tcp: { preferred_ip_protocol: ip4, query_response: [{ expect: '^SSH-2.0-' }] } }
`);
  runner = startProbes({
    catalogue: catalogueOf({
      web: httpSpec({ intervalMs: 60_000 }),
      secure: httpSpec({ path: '/' }),
      cache: tcpSpec(),
    }),
    addresses: new Map([
      ['shop/web', `http://127.0.0.1:${web.port}`],
      ['shop/secure', `https://127.0.0.1:${secure.port}`],
      ['shop/cache', `tcp://127.0.0.1:${cache.port}`],
    ]),
    caFile,
  });
  const allowTarget = [
    parseAllowedTarget('127.0.0.0/8'),
    parseAllowedTarget('localhost'),
    parseAllowedTarget('inside.example'),
  ];
  const onDemand = onDemandOf({ allowTarget, listen: '', spoolLimit: 1 }, systemClock(), {}, async (hostname) => {
    lookups += 1;
    return { address: hostname === 'localhost' ? '127.0.0.1' : '10.9.8.7', family: 4 };
  });
  ours = await serveProbes({ runner, onDemand });
});
afterAll(async () => {
  await ours?.stop();
  await runner?.stop();
  for (const server of [web, secure, cache, peer]) await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const ask = async (base: string, query: Record<string, string>, headers = {}) => {
  const answer = await fetch(`${base}/probe?${new URLSearchParams(query)}`, { headers });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};
/** Metric names with their label sets, and their values. */
const series = (text: string) =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line): [string, number] => [
        line.slice(0, line.lastIndexOf(' ')),
        Number(line.slice(line.lastIndexOf(' ') + 1)),
      ]),
  );
const value = (text: string, name: string) => series(text).get(name);

/**
 * The deliberate differences, undone: the chain's serial number stands among its labels, as in blackbox_exporter from 0.25 on, and the
 * certificate's addresses among its alternative names.
 */
const asIn023 = (name: string) =>
  name.replace(/serialnumber="[^"]*",?/, '').replace(/(subjectalternative="[^"]*?)(,[\d.:a-f]+)+"/, '$1"');

describe('/probe against blackbox_exporter, asked the same', () => {
  it.each<[string, () => { target: string; module: string }]>([
    ['an http service', () => ({ target: `http://127.0.0.1:${web.port}/`, module: 'http_2xx' })],
    ['an http service without a scheme', () => ({ target: `127.0.0.1:${web.port}`, module: 'http_2xx' })],
    ['a name', () => ({ target: `http://localhost:${web.port}/`, module: 'http_2xx' })],
    ['a redirect', () => ({ target: `http://127.0.0.1:${web.port}/moved`, module: 'http_2xx' })],
    ['a wrong status', () => ({ target: `http://127.0.0.1:${web.port}/broken`, module: 'http_2xx' })],
    ['an https service', () => ({ target: `https://127.0.0.1:${secure.port}/`, module: 'http_2xx' })],
    ['a closed http port', () => ({ target: `http://127.0.0.1:${dead}/`, module: 'http_2xx' })],
    ['a tcp service', () => ({ target: `127.0.0.1:${cache.port}`, module: 'tcp_connect' })],
    ['a closed tcp port', () => ({ target: `127.0.0.1:${dead}`, module: 'tcp_connect' })],
    ['a banner', () => ({ target: `127.0.0.1:${cache.port}`, module: 'ssh_banner' })],
  ])('%s: every series is there, and the plain figures are the same', async (_, query) => {
    const theirs = await ask(peer.url, query());
    const answer = await ask(ours.url, query());
    expect([answer.status, answer.type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const mine = new Map([...series(answer.text)].map(([name, figure]) => [asIn023(name), figure]));
    const his = series(theirs.text);
    expect([...his.keys()].filter((name) => !mine.has(name))).toEqual([]);
    const measured = /duration|time_seconds|lookup/;
    const figures = (of: Map<string, number>) =>
      [...his.keys()].filter((name) => !measured.test(name)).map((name) => `${name} ${of.get(name)}`);
    expect(figures(mine)).toEqual(figures(his));
    for (const [name, figure] of mine) if (measured.test(name)) expect(figure).toBeGreaterThanOrEqual(0);
    // Prometheus adds the labels of the target.
    expect(answer.text).not.toMatch(/target=|service=|system=|job=|environment=/);
  });

  it('gives a page that promtool accepts', async () => {
    const { text } = await ask(ours.url, { target: 'shop/secure' });
    const promtool = await resolveTool('promtool');
    const checked = await execa(promtool.path, ['check', 'metrics'], { input: text, reject: false, timeout: 10_000 });
    // The names are blackbox_exporter's, and so are the two that break a rule of style.
    expect(
      checked.stderr.split('\n').filter((line) => !/probe_success|non-histogram/.test(line) && line !== ''),
    ).toEqual([]);
  });
});

describe('/probe', () => {
  it.each(['shop/web', 'shop/cache', 'shop/secure'])('answers for the catalogue target %s', async (target) => {
    const { status, text } = await ask(ours.url, { target });
    expect([status, value(text, 'probe_success')]).toEqual([200, 1]);
  });

  it('knows a catalogue target by its address, with or without its kind', async () => {
    const address = `https://127.0.0.1:${secure.port}`;
    for (const query of [{ target: address }, { target: `${address}/`, module: 'http' }]) {
      expect(value((await ask(ours.url, query)).text, 'probe_ssl_verified')).toBe(1);
    }
  });

  it.each<[string, Record<string, string>, number, RegExp]>([
    ['no target', {}, 400, /Target parameter is missing/],
    ['an unknown id', { target: 'shop/nothing' }, 400, /neither in the catalogue nor allowed/],
    ['a host that is not on the list', { target: 'http://example.com/' }, 400, /neither in the catalogue nor allowed/],
    ['an address that is not on the list', { target: 'http://10.0.0.1/' }, 400, /neither in the catalogue nor allowed/],
    ['an address of loopback in disguise', { target: 'http://0x7f.1:1/', module: 'http_9xx' }, 400, /unknown module/],
    [
      'an unknown module',
      { target: 'shop/web', module: 'http_9xx' },
      400,
      /unknown module "http_9xx": choose one of http, http_2xx/,
    ],
    ['another scheme', { target: 'file:///etc/passwd' }, 400, /target .* is no address|needs http/],
    ['no address', { target: 'http://' }, 400, /is no address/],
    ['a listed name with an address that is not', { target: 'http://inside.example/' }, 403, /is not allowed/],
  ])('refuses %s', async (_, query, status, message) => {
    const answer = await ask(ours.url, query);
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(message);
  });

  it('resolves nothing that is not on the list', async () => {
    lookups = 0;
    await ask(ours.url, { target: 'http://secret-data.evil.example/' });
    expect(lookups).toBe(0);
  });

  it('counts what it refused, on /metrics', async () => {
    const before = series(await (await fetch(`${ours.url}/metrics`)).text());
    await ask(ours.url, { target: 'shop/web', module: 'nothing' });
    await ask(ours.url, { target: 'http://inside.example/' });
    const after = series(await (await fetch(`${ours.url}/metrics`)).text());
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? Number.NaN);
    expect(grown('blackbox_module_unknown_total')).toBe(1);
    expect(grown('firedrill_probe_requests_refused_total{reason="unknown-module"}')).toBe(1);
    expect(grown('firedrill_probe_requests_refused_total{reason="denied"}')).toBe(1);
    expect(grown('firedrill_probe_requests_refused_total{reason="unknown-target"}')).toBe(0);
  });

  it('does not follow a redirect to where it may not go', async () => {
    const { status, text } = await ask(ours.url, { target: `http://127.0.0.1:${web.port}/away` });
    expect([status, value(text, 'probe_success')]).toEqual([200, 0]);
  });

  it('ends before the scrape does', async () => {
    const query = { target: `http://127.0.0.1:${web.port}/slow` };
    // One that could not be judged, since this process stalled, is asked for again.
    const { text, tookMs } = await until(async () => {
      const startMs = performance.now();
      const { text } = await ask(ours.url, query, { 'x-prometheus-scrape-timeout-seconds': '1.5' });
      return text.startsWith('could not judge') ? undefined : { text, tookMs: performance.now() - startMs };
    }, 20_000);
    expect(tookMs).toBeLessThan(1_500);
    expect(value(text, 'probe_success')).toBe(0);
    expect(value(text, 'probe_timeout_seconds')).toBeCloseTo(1);
  });

  it('tells a person what happened, with debug=true', async () => {
    const { text, type } = await ask(ours.url, { target: `http://127.0.0.1:${web.port}/broken`, debug: 'true' });
    expect(type).toBe('text/plain; charset=utf-8');
    expect(text).toMatch(/^Logs for the probe:\n {2}http probe of http:\/\/127/);
    expect(text).toContain('failure: status 500');
    expect(text).toContain('Metrics that would have been returned:\n# HELP probe_success');
  });
});
