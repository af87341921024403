import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startProbes } from '../../../probes/runner.ts';
import { parseAccess, requireSafeListen } from '../../../scripts/probe/access.ts';
import { listenTo, readBody } from '../../../scripts/probe/listener.ts';
import { type ServeProbesOptions, serveProbes } from '../../../scripts/probe/serve.ts';
import { catalogueOf, httpSpec, serveHttp } from '../../probes/support.ts';

const ENV = { TOKEN: 's3cret-token' };
const read = (path: string) => readFileSync(path, 'utf8');
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

/** The pages of a prober without targets. */
async function prober(options: Partial<ServeProbesOptions>) {
  const runner = startProbes({
    catalogue: catalogueOf({ web: httpSpec() }),
    addresses: new Map([['shop/web', 'http://127.0.0.1:1']]),
  });
  const server = await serveProbes({ runner, ...options });
  onTestFinished(async () => {
    await server.stop();
    await runner.stop();
  });
  return server.url;
}

describe('credentials', () => {
  it('are asked for on every page but /-/healthy, known or not', async () => {
    const url = await prober({ guard: parseAccess('bearer=env:TOKEN', ENV, read) });
    const status = async (path: string, authorization?: string, method = 'GET') =>
      (await fetch(url + path, { method, headers: authorization === undefined ? {} : { authorization } })).status;
    expect(await status('/-/healthy')).toBe(200);
    for (const path of ['/metrics', '/-/ready', '/', '/nothing', '/probe?target=shop/web', '/-/reload']) {
      expect(await status(path)).toBe(401);
      expect(await status(path, 'Bearer s3cret')).toBe(401);
      expect(await status(path, undefined, 'POST')).toBe(401);
    }
    expect(await status('/metrics', 'Bearer s3cret-token')).toBe(200);
    expect(await status('/nothing', 'bearer s3cret-token')).toBe(404);
    const refused = await fetch(`${url}/metrics`);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="firedrill"');
  });

  it.each([
    ['the right one', basic('ops:s3cret-token'), true],
    ['none', undefined, false],
    ['another user', basic('dev:s3cret-token'), false],
    ['another password', basic('ops:s3cret'), false],
    ['a longer password', basic('ops:s3cret-token2'), false],
    ['the right one under another scheme', basic('ops:s3cret-token').replace('Basic', 'Bearer'), false],
    ['an empty one', 'Basic ', false],
    ['the bare password', 'Basic s3cret-token', false],
  ])('basic: %s', async (_, authorization, may) => {
    const guard = parseAccess('basic:ops=env:TOKEN', ENV, read);
    expect(guard({ headers: { authorization } } as never) === null).toBe(may);
  });

  it('are read anew, so that a rotated secret holds at once', () => {
    const dir = mkdtempSync(join(tmpdir(), 'firedrill-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const file = join(dir, 'token');
    writeFileSync(file, 'old\n');
    const guard = parseAccess(`bearer=file:${file}`, {}, read);
    const may = (token: string) => guard({ headers: { authorization: `Bearer ${token}` } } as never) === null;
    expect([may('old'), may('new')]).toEqual([true, false]);
    writeFileSync(file, 'new\n');
    expect([may('old'), may('new')]).toEqual([false, true]);
  });

  it.each([
    ['s3cret-token', '--auth is not understood'],
    ['bearer=s3cret-token', '--auth is not understood'],
    ['bearer=env:NOTHING', '--auth: the environment variable NOTHING is not set'],
    ['bearer=file:/nowhere', '--auth: cannot read the secret file /nowhere'],
    ['basic=env:TOKEN', '--auth is not understood'],
  ])('--auth %s is a wrong command line, and is not repeated where it may be the secret', (text, message) => {
    expect(() => parseAccess(text, ENV, read)).toThrow(expect.objectContaining({ name: 'UsageError', message }));
  });

  it.each([
    ['127.0.0.1', false, false, true],
    ['127.8.9.1', false, false, true],
    ['::1', false, false, true],
    ['localhost', false, false, true],
    ['0.0.0.0', false, false, false],
    ['::', false, false, false],
    ['10.0.0.1', false, false, false],
    ['prober.example', false, false, false],
    ['0.0.0.0', true, false, true],
    ['0.0.0.0', false, true, true],
  ])('listening on %s, with credentials %s, without allowed %s: %s', (host, guarded, allowed, may) => {
    const listen = () => requireSafeListen(host, { guarded, allowed });
    if (may) listen();
    else expect(listen).toThrow(/--listen on .* opens the pages/);
  });
});

describe('requests that are too much', () => {
  async function echo() {
    const errors: unknown[] = [];
    const routes = [
      {
        methods: ['POST'],
        path: '/echo',
        handle: async (request: never, response: { end(text: string): void }) => response.end(await readBody(request)),
      },
      {
        methods: ['GET'],
        path: '/broken',
        handle: () => {
          throw new Error('s3cret-token leaks');
        },
      },
    ];
    const server = await serveHttp(
      listenTo(routes as never, { guard: () => null, onError: (error) => errors.push(error) }),
    );
    onTestFinished(() => server[Symbol.asyncDispose]());
    return { url: `http://127.0.0.1:${server.port}`, errors };
  }

  it('a body over the limit, announced or not, is refused', async () => {
    const { url } = await echo();
    const post = async (body: string | ReadableStream, headers = {}) => {
      const answer = await fetch(`${url}/echo`, { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
      return [answer.status, (await answer.text()).length];
    };
    expect(await post('x'.repeat(64 * 1024))).toEqual([200, 64 * 1024]);
    expect((await post('x'.repeat(64 * 1024 + 1)))[0]).toBe(413);
    const chunked = new Blob(['x'.repeat(100_000)]).stream();
    expect((await post(chunked))[0]).toBe(413);
  });

  it('a page of another site may not push or reload', async () => {
    const { url } = await echo();
    const post = async (origin: string) =>
      (await fetch(`${url}/echo`, { method: 'POST', body: 'x', headers: { origin } })).status;
    expect(await post('https://evil.example')).toBe(403);
    expect(await post('null')).toBe(403);
    expect(await post(url)).toBe(200);
  });

  it('an error tells the log, and nothing to the client', async () => {
    const { url, errors } = await echo();
    const answer = await fetch(`${url}/broken`);
    expect([answer.status, await answer.text()]).toEqual([500, 'internal error\n']);
    expect(errors).toHaveLength(1);
  });

  it('a head over the limit is refused', async () => {
    const url = new URL(await prober({}));
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(url.port), url.hostname);
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
      socket.on('error', () => {});
      socket.write(`GET /metrics HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });
});
