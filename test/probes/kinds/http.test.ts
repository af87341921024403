import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { describe, expect, it } from 'vitest';
import type { ProbeTarget } from '../../../probes/target.ts';
import type { Auth, HttpStep } from '../../../thresholds/model.ts';
import { inDays, issue, temporaryFile } from '../certificates.ts';
import {
  closedPort,
  context,
  type HttpChange,
  httpSpec,
  httpStep,
  options,
  runOnce,
  serve,
  serveHttp,
  serveTcp,
  target,
  unexplainedSeconds,
} from '../support.ts';

const ok: RequestListener = (_, response) => response.end('{"status":"up","items":[1,2]}');
const expecting = (change: Partial<HttpStep['expect']>) => ({ ...httpStep().expect, ...change });

/** Probes a server that answers as the listener does. */
async function probe(listener: RequestListener, spec: HttpChange = {}, change: Partial<ProbeTarget> = {}, limits = {}) {
  await using server = await serveHttp(listener);
  const url = `http://127.0.0.1:${server.port}`;
  return await runOnce(context, target({ url, spec: httpSpec(spec), ...change }), options(limits));
}

describe('an http probe', () => {
  it('succeeds on the expected answer, with phases that add up to its duration', async () => {
    const result = await probe((_, response) => void setTimeout(() => response.end('{"status":"up"}'), 30));
    expect(result).toMatchObject({ outcome: 'success', reason: 'none', detail: '', degraded: false });
    expect(Object.keys(result.phases)).toEqual(['resolve', 'connect', 'tls', 'processing', 'transfer', 'other']);
    expect(result.phases.processing).toBeGreaterThan(0.025);
    expect(result.phases.connect).toBeGreaterThan(0);
    expect(result.phases.tls).toBe(0);
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
    expect(result.facts).toEqual({
      ipProtocol: 4,
      ipAddress: '127.0.0.1',
      tls: false,
      status: 200,
      httpVersion: 1.1,
      contentLength: 15,
      uncompressedBodyLength: 15,
      redirects: 0,
    });
  });

  const rows: [string, RequestListener, HttpChange, object][] = [
    [
      'another status',
      (_, response) => void response.writeHead(503).end(),
      {},
      { reason: 'status', detail: 'status 503, expected 200' },
    ],
    [
      'a header that does not match',
      ok,
      { expect: expecting({ headers: { 'X-Ready': 'yes' } }) },
      { reason: 'header' },
    ],
    ['a body that does not match', ok, { expect: expecting({ text: 'down' }) }, { reason: 'text' }],
    ['another JSON value', ok, { expect: expecting({ json: { '$.status': 'down' } }) }, { reason: 'json' }],
    [
      'a body that is not JSON',
      (_, response) => void response.end('<html>'),
      { expect: expecting({ json: { '$.status': 'up' } }) },
      { reason: 'not-json' },
    ],
    [
      'an answer that never comes',
      () => {},
      { timeoutMs: 100 },
      { reason: 'timeout', detail: 'no end within 100 ms, at waiting for the answer' },
    ],
    [
      'a head without a body',
      (_, response) => void response.writeHead(200, { 'content-length': 9 }).flushHeaders(),
      { timeoutMs: 100 },
      { reason: 'timeout', detail: 'no end within 100 ms, at reading the body' },
    ],
    [
      'a body that ends too early',
      (_, response) => {
        response.writeHead(200, { 'content-length': 9 }).write('abc');
        setTimeout(() => response.destroy(), 10);
      },
      {},
      { reason: 'truncated', detail: 'connection closed before the end of the body' },
    ],
    [
      'a body that is cut off',
      (request, response) => {
        response.writeHead(200, { 'content-length': 9 }).write('abc');
        setTimeout(() => request.socket.resetAndDestroy(), 10);
      },
      {},
      { reason: 'reset' },
    ],
    [
      'a body longer than it says',
      ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef'),
      {},
      { reason: 'protocol' },
    ],
    [
      'two lengths at once',
      ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc'),
      {},
      { reason: 'protocol' },
    ],
    [
      'a connection that ends without an answer',
      ({ socket }) => void socket.end(),
      {},
      { reason: 'closed', detail: 'connection closed without an answer' },
    ],
    [
      'headers without end',
      (_, response) => void response.writeHead(200, { 'x-long': 'x'.repeat(70_000) }).end(),
      {},
      { reason: 'headers-too-large', detail: 'headers of more than 65536 bytes' },
    ],
    ['a connection that is cut', (request) => void request.socket.resetAndDestroy(), {}, { reason: 'reset' }],
    [
      'a redirect loop',
      (_, response) => void response.writeHead(302, { location: '/again' }).end(),
      {},
      { reason: 'redirect', detail: 'more than 10 redirects' },
    ],
    [
      'a redirect to another protocol',
      (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      {},
      { reason: 'redirect' },
    ],
  ];
  it.each(rows)('fails on %s', async (_, listener, spec, expected) => {
    const result = await probe(listener, spec);
    expect(result).toMatchObject({ outcome: 'failure', ...expected });
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
  });

  it('fails on an endless body at the limit, long before the deadline', async () => {
    const endless: RequestListener = (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384, 'x')));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    const result = await probe(endless, { timeoutMs: 5_000 }, {}, { bodyLimitBytes: 1_000_000 });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'body-too-large' });
    expect(result.durationSeconds).toBeLessThan(2);
  });

  it('fails on an endless trickle at the deadline', async () => {
    const trickle: RequestListener = (_, response) => {
      const timer = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(timer));
    };
    expect(await probe(trickle, { timeoutMs: 150 })).toMatchObject({ outcome: 'failure', reason: 'timeout' });
  });

  it('fails on bytes that are not HTTP', async () => {
    await using server = await serveTcp((socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    const result = await runOnce(context, target({ url: `http://127.0.0.1:${server.port}` }), options());
    expect(result).toMatchObject({ outcome: 'failure', reason: 'protocol' });
  });

  it('fails on a port where nothing listens', async () => {
    const result = await runOnce(context, target({ url: `http://127.0.0.1:${await closedPort()}` }), options());
    expect(result).toMatchObject({ outcome: 'failure', reason: 'refused', facts: { ipProtocol: 4 } });
  });

  it('fails on a name that does not resolve, and says which', async () => {
    const lookup = () => Promise.reject(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }));
    const { createConnector } = await import('../../../probes/connect.ts');
    const offline = { ...context, connect: createConnector({ clock: context.clock, lookup }) };
    const result = await runOnce(offline, target({ url: 'http://nowhere.test:80' }), options());
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'dns',
      detail: 'cannot resolve nowhere.test (ENOTFOUND)',
    });
  });

  it('resolves a name and measures it', async () => {
    await using server = await serveHttp(ok);
    const result = await runOnce(context, target({ url: `http://localhost:${server.port}` }), options());
    expect(result.outcome).toBe('success');
    expect(result.phases.resolve).toBeGreaterThan(0);
  });

  it('counts a slow success as degraded', async () => {
    const slow: RequestListener = (_, response) => void setTimeout(() => response.end(), 40);
    expect(await probe(slow, { degradedAboveMs: 20 })).toMatchObject({ outcome: 'success', degraded: true });
    expect(await probe(slow, { degradedAboveMs: 900 })).toMatchObject({ outcome: 'success', degraded: false });
  });

  it('follows redirects and reports how many', async () => {
    const twice: RequestListener = (request, response) => {
      const next = { '/health': '/a', '/a': '/b' }[request.url ?? ''];
      if (next === undefined) response.end('{"status":"up"}');
      else response.writeHead(302, { location: next }).end();
    };
    expect(await probe(twice)).toMatchObject({ outcome: 'success', facts: { redirects: 2, status: 200 } });
  });

  it('stays at a redirect that is the expected answer', async () => {
    const moved: RequestListener = (_, response) => void response.writeHead(302, { location: '/login' }).end();
    const result = await probe(moved, { expect: expecting({ status: [302] }) });
    expect(result).toMatchObject({ outcome: 'success', facts: { redirects: 0, status: 302 } });
  });

  it('sends method, headers, body and credential, and keeps the credential at its origin', async () => {
    const seen: unknown[] = [];
    await using other = await serveHttp((request, response) => {
      seen.push(request.headers.authorization, request.headers['x-tenant']);
      response.end();
    });
    const listener: RequestListener = (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        seen.push(request.method, request.url, request.headers.authorization, body);
        response.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end();
      });
    };
    const auth: Auth = { kind: 'bearer', token: { variable: 'TOKEN' } };
    const result = await probe(
      listener,
      { method: 'POST', path: '/v1?a=b', body: '{"ä":1}', headers: { 'X-Tenant': 'a' } },
      { auth },
    );
    expect(result.outcome).toBe('success');
    expect(seen).toEqual(['POST', '/v1?a=b', 'Bearer s3cret', '{"ä":1}', undefined, 'a']);
  });

  it('blames itself, not the target, for a credential that is missing', async () => {
    const result = await probe(ok, {}, { auth: { kind: 'bearer', token: { variable: 'ABSENT' } } });
    expect(result).toMatchObject({
      outcome: 'unknown',
      reason: 'misconfigured',
      detail: 'the environment variable ABSENT is not set',
    });
  });

  it('ends at once, without a result, when it is told to stop', async () => {
    const stop = new AbortController();
    const hanging = probe(
      () => setTimeout(() => stop.abort(new Error('stopping')), 20),
      { timeoutMs: 10_000 },
      {},
      { signal: stop.signal },
    );
    await expect(hanging).rejects.toThrow('stopping');
  });
});

describe('an https probe', () => {
  /** Probes an https server whose certificate for localhost is valid until the given time. */
  async function probeTls(notAfter: Date, { trusted = true, insecure = false, host = 'localhost' } = {}) {
    const { key, cert } = await issue({ until: notAfter });
    await using ca = await temporaryFile(cert);
    const requests: string[] = [];
    await using server = await serve(
      createTlsServer({ key, cert }, (request, response) => {
        requests.push(request.url ?? '');
        response.end('{}');
      }),
    );
    const tls = { caFile: trusted ? ca.path : null, insecure };
    const url = `https://${host}:${server.port}`;
    return { result: await runOnce(context, target({ url, tls }), options()), requests };
  }
  const nextWeek = inDays(7);
  const yesterday = inDays(-1);

  it('succeeds with the trusted certificate and knows its expiry', async () => {
    const { result } = await probeTls(nextWeek);
    expect(result).toMatchObject({ outcome: 'success', facts: { tls: true } });
    expect(result.facts.certificateExpirySeconds).toBe(nextWeek.getTime() / 1_000);
    expect(result.phases.tls).toBeGreaterThan(0);
  });

  it('fails on an expired certificate, knows its expiry, and sends nothing', async () => {
    const { result, requests } = await probeTls(yesterday);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'certificate-expired' });
    expect(result.detail).toBe(`certificate expired on ${yesterday.toISOString()}`);
    expect(result.facts.certificateExpirySeconds).toBe(yesterday.getTime() / 1_000);
    expect(requests).toEqual([]);
  });

  it('fails on a certificate that nobody signed, and knows its expiry', async () => {
    const { result, requests } = await probeTls(nextWeek, { trusted: false });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'certificate-self-signed' });
    expect(result.facts.certificateExpirySeconds).toBe(nextWeek.getTime() / 1_000);
    expect(requests).toEqual([]);
  });

  it('fails on a certificate for another name', async () => {
    const { result } = await probeTls(nextWeek, { host: '127.0.0.1' });
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'certificate-name',
      detail: 'certificate is for another name, not 127.0.0.1',
    });
  });

  it('accepts any certificate where the catalogue says insecure', async () => {
    const { result } = await probeTls(yesterday, { trusted: false, insecure: true });
    expect(result.outcome).toBe('success');
  });

  it('fails on a server that speaks no TLS', async () => {
    await using server = await serveHttp(ok);
    const result = await runOnce(context, target({ url: `https://127.0.0.1:${server.port}` }), options());
    expect(result).toMatchObject({ outcome: 'failure', reason: 'tls' });
  });

  it('fails on a handshake that hangs', async () => {
    await using server = await serveTcp(() => {});
    const url = `https://127.0.0.1:${server.port}`;
    const result = await runOnce(context, target({ url, spec: httpSpec({ timeoutMs: 100 }) }), options());
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'timeout',
      detail: 'no end within 100 ms, at the TLS handshake',
    });
  });

  it('blames itself for a CA file that is not there', async () => {
    const tls = { caFile: '/nowhere/ca.pem', insecure: false };
    const result = await runOnce(context, target({ url: 'https://127.0.0.1:1', tls }), options());
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'misconfigured' });
  });
});
