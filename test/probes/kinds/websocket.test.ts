import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Auth, WebsocketProbeSpec } from '../../../thresholds/model.ts';
import { issue, temporaryFile } from '../certificates.ts';
import {
  closedPort,
  context,
  options,
  runOnce,
  serve,
  serveHttp,
  serveTcp,
  target,
  unexplainedSeconds,
  until,
  websocketSpec,
} from '../support.ts';

type Settings = ConstructorParameters<typeof WebSocketServer>[0];

/** Probes a WebSocket server that does this with each client. */
async function probe(
  onClient: (client: WebSocket) => void = () => {},
  spec: Partial<WebsocketProbeSpec> = {},
  { settings = {}, limits = {} }: { settings?: Settings; limits?: object } = {},
) {
  const http = createServer();
  const websockets = new WebSocketServer({ server: http, path: '/socket', ...settings });
  websockets.on('connection', (client) => onClient(client.on('error', () => {})));
  await using server = await serve(http);
  const url = `ws://127.0.0.1:${server.port}`;
  return await runOnce(context, target({ url, spec: websocketSpec(spec) }), options(limits));
}

/** Probes a server that answers the upgrade request with these bytes. */
async function probeRaw(answer: (socket: Socket, request: string) => void, spec: Partial<WebsocketProbeSpec> = {}) {
  await using server = await serveTcp((socket) => void socket.once('data', (data) => answer(socket, String(data))));
  const url = `ws://127.0.0.1:${server.port}`;
  return await runOnce(context, target({ url, spec: websocketSpec(spec) }), options());
}

const echo = (client: WebSocket) => void client.on('message', (data) => client.send(`echo ${data}`));
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';

describe('a websocket probe', () => {
  it('succeeds on an upgrade and an answered ping, and closes in order', async () => {
    let code = 0;
    const result = await probe((client) => void client.on('close', (each) => (code = each)));
    expect(result).toMatchObject({
      outcome: 'success',
      reason: 'none',
      facts: { status: 101, upgraded: true, ipProtocol: 4, tls: false },
    });
    expect(Object.keys(result.phases)).toEqual(['resolve', 'connect', 'tls', 'processing', 'transfer', 'other']);
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
    await until(() => code || undefined);
    expect(code).toBe(1000);
  });

  it('succeeds on the expected answer to what it sends, even if it is not the first message', async () => {
    const talkative = (client: WebSocket) => {
      client.send('welcome');
      echo(client);
    };
    expect(await probe(talkative, { send: 'hello', expectText: '^echo hello$' })).toMatchObject({ outcome: 'success' });
  });

  it('sends headers, credential and subprotocol', async () => {
    const http = createServer();
    const seen: unknown[] = [];
    new WebSocketServer({ server: http }).on('connection', (client, { headers, url }) => {
      seen.push(url, headers.authorization, headers['x-tenant'], headers.host, client.protocol);
    });
    await using server = await serve(http);
    const auth: Auth = { kind: 'bearer', token: { variable: 'TOKEN' } };
    const spec = websocketSpec({ path: '/live?a=1', headers: { 'X-Tenant': 'a' }, subprotocol: 'graphql-ws' });
    const result = await runOnce(context, target({ url: `http://127.0.0.1:${server.port}`, spec, auth }), options());
    expect(result.outcome).toBe('success');
    expect(seen).toEqual(['/live?a=1', 'Bearer s3cret', 'a', `127.0.0.1:${server.port}`, 'graphql-ws']);
  });

  it('succeeds over TLS, and knows when the certificate expires', async () => {
    const { key, cert } = await issue();
    await using ca = await temporaryFile(cert);
    const https = createHttpsServer({ key, cert });
    new WebSocketServer({ server: https }).on('connection', echo);
    await using server = await serve(https);
    const spec = websocketSpec({ send: 'a', expectText: 'echo a' });
    const tls = { caFile: ca.path, insecure: false };
    const url = `wss://localhost:${server.port}`;
    const result = await runOnce(context, target({ url, spec, tls }), options());
    expect(result).toMatchObject({ outcome: 'success', facts: { tls: true, certificateVerified: true } });
    expect(result.phases.tls).toBeGreaterThan(0);
    const untrusted = await runOnce(context, target({ url, spec }), options());
    expect(untrusted).toMatchObject({ outcome: 'failure', reason: 'certificate-self-signed' });
  });

  it.each<[string, () => ReturnType<typeof probe>, object]>([
    [
      'a server that does not upgrade',
      () => probe(undefined, { path: '/elsewhere' }),
      {
        reason: 'upgrade',
        detail: 'status 400, expected 101 (an upgrade to WebSocket)',
        facts: { status: 400, upgraded: false },
      },
    ],
    [
      'a redirect, which no WebSocket follows',
      () => probeRaw((socket) => void socket.end('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n')),
      { reason: 'upgrade', facts: { status: 302 } },
    ],
    [
      'an answer to another request',
      () => probeRaw((socket) => void socket.write(`${SWITCH}Sec-WebSocket-Accept: AAAA\r\n\r\n`)),
      { reason: 'upgrade', detail: 'Invalid Sec-WebSocket-Accept header', facts: { upgraded: false } },
    ],
    [
      'a server that chooses no subprotocol',
      () => probe(undefined, { subprotocol: 'graphql-ws' }, { settings: { handleProtocols: () => false } }),
      { reason: 'upgrade', detail: 'Server sent no subprotocol' },
    ],
    [
      'an answer that never comes',
      () => probeRaw(() => {}, { timeoutMs: 100 }),
      { reason: 'timeout', detail: 'no end within 100 ms, at waiting for the upgrade' },
    ],
    ['a connection that ends without an answer', () => probeRaw((socket) => void socket.end()), { reason: 'closed' }],
    ['a connection that is cut', () => probeRaw((socket) => void socket.resetAndDestroy()), { reason: 'reset' }],
    ['bytes that are not HTTP', () => probeRaw((socket) => void socket.end('SSH-2.0\r\n')), { reason: 'protocol' }],
    [
      'a message that never comes',
      () => probe(undefined, { expectText: 'pong', timeoutMs: 100 }),
      { reason: 'timeout', detail: 'no end within 100 ms, at waiting for /pong/' },
    ],
    [
      'another message and the end',
      () =>
        probe(
          (client) => {
            client.send('nope');
            client.close(1001);
          },
          { expectText: 'pong' },
        ),
      { reason: 'text', detail: 'got "nope", then the end, without /pong/' },
    ],
    [
      'a ping without an answer',
      () => probe(undefined, { timeoutMs: 100 }, { settings: { autoPong: false } }),
      { reason: 'timeout', detail: 'no end within 100 ms, at waiting for the answer to a ping' },
    ],
    [
      'a server that closes at once',
      () => probe((client) => client.close(1011), {}, { settings: { autoPong: false } }),
      { reason: 'closed', detail: 'the server closed the WebSocket with code 1011' },
    ],
    [
      'a message beyond the limit',
      () =>
        probe((client) => client.send('x'.repeat(5_000)), { expectText: 'y' }, { limits: { bodyLimitBytes: 1_000 } }),
      { reason: 'body-too-large', detail: 'message of more than 1000 bytes' },
    ],
    [
      'frames that break the protocol',
      () =>
        probe((client) => void (client as unknown as { _socket: Socket })._socket.write(Buffer.from([0xff, 0xff])), {
          expectText: 'y',
        }),
      { reason: 'protocol' },
    ],
  ])('fails on %s', async (_, run, expected) => {
    const result = await run();
    expect(result).toMatchObject({ outcome: 'failure', ...expected });
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
  });

  it('fails on a port where nothing listens', async () => {
    const url = `ws://127.0.0.1:${await closedPort()}`;
    expect(await runOnce(context, target({ url, spec: websocketSpec() }), options())).toMatchObject({
      outcome: 'failure',
      reason: 'refused',
    });
  });

  it('ends at once, without a result, when it is told to stop', async () => {
    const stop = new AbortController();
    await using server = await serveHttp(() => {});
    const url = `ws://127.0.0.1:${server.port}`;
    const hanging = runOnce(
      context,
      target({ url, spec: websocketSpec({ timeoutMs: 10_000 }) }),
      options({ signal: stop.signal }),
    );
    setTimeout(() => stop.abort(new Error('stopping')), 30);
    // A server without a listener for upgrades answers as to any request, and this one never does.
    await expect(hanging).rejects.toThrow('stopping');
  });

  it('blames itself for a credential that is missing', async () => {
    const auth: Auth = { kind: 'bearer', token: { variable: 'ABSENT' } };
    const result = await runOnce(context, target({ url: 'ws://127.0.0.1:1', spec: websocketSpec(), auth }), options());
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'misconfigured' });
  });
});
