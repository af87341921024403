import type { RequestListener } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createConnector } from '../../../probes/connect.ts';
import { resolveExpectation } from '../../../thresholds/load/resolve-endpoint.ts';
import type { HttpStep } from '../../../thresholds/model.ts';
import {
  closedPort,
  context,
  type HttpChange,
  httpSpec,
  httpStep,
  options,
  runOnce,
  serveHttp,
  serveTcp,
  target,
  unexplainedSeconds,
} from '../support.ts';

const NOTHING = { status: [], json: {}, text: null, headers: {} };
const UP = '{"status":"up","errors":[]}';
const up: RequestListener = (_, response) => void response.setHeader('x-powered-by', 'PHP').end(UP);
const expecting = (change: Partial<HttpStep['expect']>) => ({ ...httpStep().expect, ...change });

async function probe(listener: RequestListener, spec: HttpChange = {}, limits = {}) {
  await using server = await serveHttp(listener);
  const url = `http://127.0.0.1:${server.port}`;
  return await runOnce(context, target({ url, spec: httpSpec(spec) }), options(limits));
}

describe('what must not be', () => {
  it.each<[string, Partial<NonNullable<HttpStep['expect']['not']>>, object]>([
    ['a status', { status: [200] }, { reason: 'status', detail: 'status 200, which must not be' }],
    ['a text', { text: '"up"' }, { reason: 'text', detail: 'body matches /"up"/, which must not be' }],
    [
      'a header',
      { headers: { 'X-Powered-By': '.' } },
      { reason: 'header', detail: 'header X-Powered-By is PHP, must not match /./' },
    ],
    ['a JSON value', { json: { '$.status': 'up' } }, { reason: 'json', detail: '$.status is "up", which must not be' }],
    ['any of several', { text: 'down', json: { '$.errors': { type: 'array' } } }, { reason: 'json' }],
  ])('fails on %s', async (_, not, expected) => {
    const result = await probe(up, { expect: expecting({ not: { ...NOTHING, ...not } }) });
    expect(result).toMatchObject({ outcome: 'failure', ...expected });
  });

  it('is not there in a success', async () => {
    const not = {
      status: [503],
      json: { '$.errors[0]': { type: 'string' as const } },
      text: 'down',
      headers: { 'X-Debug': '.' },
    };
    expect(await probe(up, { expect: expecting({ not }) })).toMatchObject({ outcome: 'success' });
  });

  it('cannot be told absent from a page that is no JSON', async () => {
    const page: RequestListener = (_, response) => void response.end('<html>');
    const not = { ...NOTHING, json: { '$.error': { type: 'string' as const } } };
    expect(await probe(page, { expect: expecting({ not }) })).toMatchObject({ outcome: 'failure', reason: 'not-json' });
  });

  it('as a status alone takes every other, redirects followed', async () => {
    const expect_ = resolveExpectation({ not: { status: '5xx' } });
    const moved: RequestListener = ({ url }, response) =>
      void (url === '/end' ? response.writeHead(404) : response.writeHead(302, { location: '/end' })).end();
    expect(await probe(moved, { expect: expect_ })).toMatchObject({
      outcome: 'success',
      facts: { status: 404, redirects: 1 },
    });
    const broken: RequestListener = (_, response) => void response.writeHead(502).end();
    expect(await probe(broken, { expect: expect_ })).toMatchObject({ outcome: 'failure', reason: 'status' });
  });
});

describe('a class of statuses', () => {
  it('takes any of them, and is named as such', async () => {
    const spec = { expect: resolveExpectation({ status: ['2xx', 404] }) };
    const answering =
      (status: number): RequestListener =>
      (_, response) =>
        void response.writeHead(status).end();
    expect(await probe(answering(204), spec)).toMatchObject({ outcome: 'success' });
    expect(await probe(answering(404), spec)).toMatchObject({ outcome: 'success' });
    expect(await probe(answering(500), spec)).toMatchObject({ detail: 'status 500, expected 2xx or 404' });
  });
});

describe('a compressed answer', () => {
  const CODINGS = {
    gzip: gzipSync,
    deflate: deflateSync,
    br: brotliCompressSync,
    zstd: zstdCompressSync,
  } as const;
  const wanted = { expect: expecting({ json: { '$.status': 'up' } }) };

  it.each(Object.keys(CODINGS) as (keyof typeof CODINGS)[])('is read: %s', async (coding) => {
    const body = CODINGS[coding](Buffer.from(UP));
    const result = await probe((_, response) => void response.setHeader('content-encoding', coding).end(body), {
      ...wanted,
      headers: { 'Accept-Encoding': coding },
    });
    expect(result).toMatchObject({ outcome: 'success', facts: { uncompressedBodyLength: UP.length } });
  });

  it('is none where there is no body to code', async () => {
    const head: RequestListener = (_, response) => void response.setHeader('content-encoding', 'gzip').end();
    const result = await probe(head, { method: 'HEAD', expect: expecting({ not: { ...NOTHING, text: 'error' } }) });
    expect(result).toMatchObject({ outcome: 'success' });
  });

  it('is read though coded twice', async () => {
    const body = brotliCompressSync(gzipSync(UP));
    const result = await probe(
      (_, response) => void response.setHeader('content-encoding', 'gzip, br').end(body),
      wanted,
    );
    expect(result).toMatchObject({ outcome: 'success' });
  });

  it.each<[string, string, Buffer, object]>([
    ['that is none', 'gzip', Buffer.from(UP), { reason: 'encoding', detail: 'body is no valid gzip (Z_DATA_ERROR)' }],
    ['that ends too early', 'gzip', gzipSync(UP).subarray(0, 20), { reason: 'encoding' }],
    [
      'in an unknown way',
      'lzma',
      Buffer.from(UP),
      { reason: 'encoding', detail: 'content encoding lzma is not understood' },
    ],
    [
      'that grows beyond the limit',
      'gzip',
      gzipSync(Buffer.alloc(50_000_000)),
      { reason: 'body-too-large', detail: 'body of more than 1000000 bytes when decoded' },
    ],
  ])('fails when %s', async (_, coding, body, expected) => {
    const listener: RequestListener = (_, response) => void response.setHeader('content-encoding', coding).end(body);
    const result = await probe(listener, wanted, { bodyLimitBytes: 1_000_000 });
    expect(result).toMatchObject({ outcome: 'failure', ...expected });
  });
});

describe('a latency limit', () => {
  const slow: RequestListener = (_, response) => void setTimeout(() => response.end(UP), 60);
  it('fails a success that is slower, measured to its end', async () => {
    const result = await probe(slow, { failAboveMs: 40, degradedAboveMs: 20 });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'slow', degraded: false, facts: { status: 200 } });
    expect(result.detail).toMatch(/^took \d+ ms, at most 40 ms allowed$/);
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
  });

  it('leaves one that is slow but within it degraded', async () => {
    expect(await probe(slow, { failAboveMs: 900, degradedAboveMs: 20 })).toMatchObject({
      outcome: 'success',
      degraded: true,
    });
  });

  it('does not hide a worse reason', async () => {
    const wrong: RequestListener = (_, response) => void setTimeout(() => response.writeHead(500).end(), 60);
    expect(await probe(wrong, { failAboveMs: 40 })).toMatchObject({ reason: 'status' });
  });
});

describe('a port that must refuse', () => {
  it('succeeds when it does', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const result = await runOnce(context, target({ url, spec: httpSpec({ mustRefuse: true }) }), options());
    expect(result).toMatchObject({ outcome: 'success', reason: 'none' });
  });

  it('fails when it takes the connection, and sends nothing to it', async () => {
    let received = 0;
    await using server = await serveTcp((socket) => void socket.on('data', (data) => (received += data.length)));
    const url = `http://127.0.0.1:${server.port}`;
    const result = await runOnce(context, target({ url, spec: httpSpec({ mustRefuse: true }) }), options());
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'accepted',
      detail: `port ${server.port} took a connection that it must refuse`,
    });
    expect(received).toBe(0);
  });

  it('fails when the name does not resolve: that is no refusal', async () => {
    const lookup = () => Promise.reject(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }));
    const offline = { ...context, connect: createConnector({ clock: context.clock, lookup }) };
    const nowhere = target({ url: 'http://nowhere.test:81', spec: httpSpec({ mustRefuse: true }) });
    expect(await runOnce(offline, nowhere, options())).toMatchObject({ outcome: 'failure', reason: 'dns' });
  });
});

describe('methods', () => {
  it.each(['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'])('%s is sent as it is', async (method) => {
    let seen = '';
    const result = await probe(
      (request, response) => {
        seen = request.method ?? '';
        response.end();
      },
      { method },
    );
    expect(result).toMatchObject({ outcome: 'success' });
    expect(seen).toBe(method);
  });
});
