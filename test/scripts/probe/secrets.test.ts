import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { serveHttp, serveTcp, until } from '../../probes/support.ts';

const CLI = join(import.meta.dirname, '../../../scripts/cli.ts');

const SECRETS = {
  BEARER: 'bearer-0f3a9c-secret',
  PASSWORD: 'pass"word/71c2-secret',
  HEADER: 'header-55d1e8-secret',
  PUSH: 'push-93ab04-secret',
  PAGES: 'pages-1b7c5d-secret',
};

/** Every text in which a secret must not be, in the forms in which it travels. */
const FORMS = Object.values(SECRETS).flatMap((secret) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(`ops:${secret}`).toString('base64'),
  secret.slice(0, 10),
]);

it('no secret is in what is printed, logged, served or pushed, though every service sends back what it was sent', async () => {
  await using web = await serveHttp((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    const echo = () => JSON.stringify({ url: request.url, headers: request.headers, raw: request.rawHeaders, body });
    request.on('end', () =>
      response
        .writeHead(request.url?.startsWith('/ok') ? 200 : 500, { 'x-echo': encodeURIComponent(echo()).slice(0, 4_000) })
        .end(echo()),
    );
  });
  await using raw = await serveTcp((socket) => void socket.on('data', (chunk) => socket.write(chunk)));
  const pushed: Buffer[] = [];
  await using receiver = await serveHttp((request, response) => {
    request.on('data', (chunk: Buffer) => pushed.push(chunk));
    // The receiver, too, sends back what it was sent.
    request.on('end', () => response.writeHead(400).end(JSON.stringify(request.rawHeaders)));
  });
  const http = `http://127.0.0.1:${web.port}`;
  const [bearer, basic, header] = [
    '{ bearer: { variable: BEARER } }',
    '{ basic: { username: ops, password: { variable: PASSWORD } } }',
    '{ header: { name: x-api-key, value: { variable: HEADER } } }',
  ];
  const services = [
    ['text', http, bearer, 'kind: http, path: /ok, expect: { text: nothing }'],
    ['json', http, basic, "kind: http, path: /ok, expect: { json: { '$.headers': x } }"],
    ['headers', http, header, 'kind: http, path: /ok, expect: { headers: { x-echo: nothing } }'],
    ['status', http, bearer, 'kind: http, path: /'],
    ['mcp', http, bearer, 'kind: mcp'],
    ['websocket', `ws://127.0.0.1:${web.port}`, bearer, 'kind: websocket'],
    ['prometheus', http, basic, 'kind: prometheus, query: { expr: up, above: 0 }'],
    ['grpc', `grpc://127.0.0.1:${raw.port}`, bearer, 'kind: grpc'],
    ['redis', `redis://127.0.0.1:${raw.port}`, basic, 'kind: redis'],
    ['postgres', `postgres://127.0.0.1:${raw.port}`, basic, 'kind: postgres'],
    ['tcp', `tcp://127.0.0.1:${raw.port}`, null, "kind: tcp, send: 'x', expectText: nothing"],
  ] as const;
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-secrets-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const env = { ...SECRETS, FIREDRILL_DEBUG: '1' };
  const rows = services.map(
    ([id, address, auth, probe]) =>
      `  - { id: ${id}, kind: exporter, address: '${address}', scrape: false,${auth === null ? '' : ` auth: ${auth},`} probe: { ${probe}, interval: 1s, timeout: 800ms } }\n`,
  );
  await writeFile(join(dir, 'shop.yaml'), `system: shop\nenvironment: test\nservices:\n${rows.join('')}`);
  const run = (args: string[]) =>
    execa(process.execPath, [CLI, 'probe', '--catalogue', dir, ...args], {
      env,
      reject: false,
      timeout: 30_000,
      all: true,
    });

  const outputs: Record<string, string> = {};
  const once = await run(['--once', '--json']);
  outputs['--once --json'] = once.all;
  if (once.stdout === '') throw new Error(once.all);
  const results = JSON.parse(once.stdout) as { target: string; outcome: string; detail: string }[];
  expect(results.map(({ target }) => target)).toEqual(services.map(([id]) => `shop/${id}`));
  expect(results.filter(({ outcome }) => outcome === 'success')).toEqual([]);
  // The services do send them back, and the details say so.
  expect(results.filter(({ detail }) => detail.includes('[secret]')).length).toBeGreaterThan(0);
  outputs['--once'] = (await run(['--once'])).all;

  const server = run([
    '--json',
    '--auth',
    'bearer=env:PAGES',
    '--remote-write',
    `http://ops:${encodeURIComponent(SECRETS.PUSH)}@127.0.0.1:${receiver.port}/`,
  ]);
  let printed = '';
  server.all.on('data', (chunk) => {
    printed += chunk;
  });
  const url = await until(() => /"url":"([^"]+)"/.exec(printed)?.[1], 20_000);
  const get = async (path: string, accept = '*/*') => {
    const answer = await fetch(url + path, { headers: { accept, authorization: `Bearer ${SECRETS.PAGES}` } }).catch(
      (cause) => {
        throw new Error(`${path}: ${printed}`, { cause });
      },
    );
    return `${JSON.stringify([...answer.headers])}\n${await answer.text()}`;
  };
  await until(
    async () => ((await get('/metrics')).split('\nprobe_success{').length > services.length ? true : undefined),
    20_000,
  );
  await until(() => (pushed.length > 0 ? true : undefined));
  for (const path of ['/metrics', '/', '/status.json', '/-/ready', '/nothing']) outputs[path] = await get(path);
  outputs.openmetrics = await get('/metrics', 'application/openmetrics-text');
  for (const [id] of services) {
    outputs[`/targets/shop/${id}`] = await get(`/targets/shop%2F${id}`);
    outputs[`/probe ${id}`] = await get(`/probe?target=shop/${id}`);
    outputs[`/probe ${id} debug`] = await get(`/probe?target=shop/${id}&debug=true`);
  }
  outputs.refused = await (await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer wrong' } })).text();
  server.kill('SIGINT');
  await server;
  outputs.logs = printed;
  outputs.pushed = Buffer.concat(pushed).toString('latin1');

  const leaks = Object.entries(outputs).flatMap(([name, text]) =>
    FORMS.filter((form) => text.includes(form)).map(
      (form) => `${name}: ${form} in ...${text.slice(Math.max(0, text.indexOf(form) - 60), text.indexOf(form) + 60)}`,
    ),
  );
  expect(leaks).toEqual([]);
}, 90_000);
