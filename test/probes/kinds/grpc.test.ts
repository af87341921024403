import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { HealthImplementation, service } from 'grpc-health-check';
import protobuf from 'protobufjs';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeHealthResponse, encodeHealthRequest } from '../../../probes/kinds/grpc/health.ts';
import type { GrpcProbeSpec } from '../../../thresholds/model.ts';
import { grpcSpec } from '../specs.ts';
import { closedPort, context, options, runOnce, serveHttp, serveTcp, target, unexplainedSeconds } from '../support.ts';

const probe = (port: number, spec: Partial<GrpcProbeSpec> = {}, change = {}, limits = {}) =>
  runOnce(context, target({ url: `grpc://127.0.0.1:${port}`, spec: grpcSpec(spec), ...change }), options(limits));

async function startServer(server: Server, credentials = ServerCredentials.createInsecure()) {
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error === null ? resolve(bound) : reject(error))),
  );
  return { port, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}

describe('a grpc probe of a real server', () => {
  const health = new HealthImplementation({ '': 'SERVING', 'shop.Cart': 'NOT_SERVING', 'shop.Pay': 'UNKNOWN' });
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    const grpc = new Server();
    health.addToServer(grpc);
    server = await startServer(grpc);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('succeeds while it serves, and explains where the time went', async () => {
    const result = await probe(server.port);
    expect(result).toMatchObject({
      outcome: 'success',
      facts: { tls: false, ipProtocol: 4, grpc: { status: 0, serving: 'SERVING' } },
    });
    expect(Object.keys(result.phases)).toEqual(['resolve', 'connect', 'tls', 'check', 'other']);
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
    expect(result.phases.check).toBeGreaterThan(0);
  });

  it.each([
    ['a service that does not serve', 'shop.Cart', { reason: 'not-ready', detail: 'shop.Cart is NOT_SERVING' }],
    ['a service of unknown state', 'shop.Pay', { reason: 'not-ready', detail: 'shop.Pay is UNKNOWN' }],
    [
      'a service that it does not know',
      'shop.Ghost',
      { reason: 'status', detail: 'NOT_FOUND: the server does not know shop.Ghost' },
    ],
  ])('fails on %s', async (_, name, expected) => {
    expect(await probe(server.port, { service: name })).toMatchObject({ outcome: 'failure', ...expected });
  });

  it('sees a service that serves again', async () => {
    health.setStatus('shop.Cart', 'SERVING');
    expect(await probe(server.port, { service: 'shop.Cart' })).toMatchObject({ outcome: 'success' });
    health.setStatus('shop.Cart', 'NOT_SERVING');
  });

  it('leaves no connection behind', async () => {
    for (let run = 0; run < 20; run++) expect(await probe(server.port)).toMatchObject({ outcome: 'success' });
  });

  it('fails on a server without a health service', async () => {
    await using bare = await startServer(new Server());
    expect(await probe(bare.port)).toMatchObject({
      outcome: 'failure',
      reason: 'status',
      detail: 'UNIMPLEMENTED: the server has no health service',
      facts: { grpc: { status: 12 } },
    });
  });

  it.each<[number, string]>([
    [16, 'auth'],
    [7, 'auth'],
    [14, 'not-ready'],
    [8, 'saturated'],
    [4, 'timeout'],
    [13, 'status'],
  ])('sorts status %d as %s', async (code, reason) => {
    const grpc = new Server();
    const check = (_: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<unknown>) =>
      reply({ code, details: 'grün 100 %' });
    grpc.addService(service, { check, watch: () => {} });
    await using answering = await startServer(grpc);
    const result = await probe(answering.port);
    expect(result).toMatchObject({ outcome: 'failure', reason, facts: { grpc: { status: code } } });
    expect(result.detail).toContain('grün 100 %');
  });

  it('sends its credential and the time that it waits', async () => {
    const seen: string[] = [];
    const grpc = new Server();
    const check = (
      { metadata, request }: ServerUnaryCall<{ service: string }, unknown>,
      reply: sendUnaryData<unknown>,
    ) => {
      seen.push(String(metadata.get('authorization')[0]), request.service);
      reply(null, { status: 'SERVING' });
    };
    grpc.addService(service, { check, watch: () => {} });
    await using answering = await startServer(grpc);
    const auth = { kind: 'bearer', token: { variable: 'TOKEN' } } as const;
    expect(await probe(answering.port, { service: 'shop.Cart' }, { auth })).toMatchObject({ outcome: 'success' });
    expect(seen).toEqual(['Bearer s3cret', 'shop.Cart']);
  });

  it('fails when no answer comes in time', async () => {
    const grpc = new Server();
    grpc.addService(service, { check: () => {}, watch: () => {} });
    await using silent = await startServer(grpc);
    expect(await probe(silent.port, { timeoutMs: 200 })).toMatchObject({ outcome: 'failure', reason: 'timeout' });
  });
});

describe('a grpc probe by TLS', () => {
  let folder: string;
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firedrill-'));
    const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    await writeFile(join(folder, 'cert.pem'), pems.cert);
    const grpc = new Server();
    new HealthImplementation({ '': 'SERVING' }).addToServer(grpc);
    const pair = { private_key: Buffer.from(pems.private), cert_chain: Buffer.from(pems.cert) };
    server = await startServer(grpc, ServerCredentials.createSsl(null, [pair]));
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  const encrypted = (caFile: string | null) =>
    probe(server.port, {}, { url: `grpcs://127.0.0.1:${server.port}`, tls: { caFile, insecure: false } });

  it('succeeds with the certificate that it trusts', async () => {
    const result = await encrypted(join(folder, 'cert.pem'));
    expect(result).toMatchObject({ outcome: 'success', facts: { tls: true } });
    expect(result.phases.tls).toBeGreaterThan(0);
  });

  it('fails on one that it does not', async () => {
    const result = await encrypted(null);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'certificate-self-signed' });
    expect(result.facts.certificateExpirySeconds).toBeGreaterThan(0);
  });
});

describe('a grpc probe of something else', () => {
  const OK = { ':status': 200, 'content-type': 'application/grpc' };
  const trailing = (stream: ServerHttp2Stream, body: Buffer, trailers: Record<string, string>) => {
    stream.respond(OK, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers(trailers));
    stream.end(body);
  };

  it.each<[string, (stream: ServerHttp2Stream) => void, object]>([
    [
      'a proxy that has no server',
      (stream) => stream.respond({ ':status': 503 }, { endStream: true }),
      { reason: 'status', detail: 'HTTP status 503, expected 200' },
    ],
    [
      'a web page',
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'text/html' });
        stream.end('<html>');
      },
      { reason: 'protocol', detail: 'the answer is not gRPC: content type text/html' },
    ],
    [
      'no status',
      (stream) => {
        stream.respond(OK);
        stream.end();
      },
      { reason: 'protocol', detail: 'the answer is not gRPC: no grpc-status' },
    ],
    [
      'a good status without a message',
      (stream) => trailing(stream, Buffer.alloc(0), { 'grpc-status': '0' }),
      { reason: 'protocol' },
    ],
    [
      'half a message',
      (stream) => trailing(stream, Buffer.from([0, 0, 0, 0, 9, 8]), { 'grpc-status': '0' }),
      { reason: 'protocol' },
    ],
    [
      'a compressed message',
      (stream) => trailing(stream, Buffer.from([1, 0, 0, 0, 2, 8, 1]), { 'grpc-status': '0' }),
      { reason: 'protocol' },
    ],
    [
      'another message',
      (stream) => trailing(stream, Buffer.from([0, 0, 0, 0, 2, 255, 255]), { 'grpc-status': '0' }),
      { reason: 'protocol' },
    ],
    ['a cut call', (stream) => stream.close(2), { reason: expect.stringMatching(/^(reset|protocol)$/) }],
    [
      'a cut connection',
      (stream) => void stream.session?.destroy(),
      { reason: expect.stringMatching(/^(reset|protocol)$/) },
    ],
    [
      'an endless body',
      (stream) => {
        stream.respond(OK);
        stream.write(Buffer.alloc(9_000));
      },
      { reason: 'body-too-large' },
    ],
  ])('fails on %s', async (_, answer, expected) => {
    const sockets = new Set<Socket>();
    const server = createServer().on('stream', (stream: ServerHttp2Stream) => {
      stream.on('error', () => {});
      answer(stream);
    });
    server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      expect(await probe(port, { timeoutMs: 500 }, {}, { bodyLimitBytes: 4_096 })).toMatchObject({
        outcome: 'failure',
        ...expected,
      });
    } finally {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('fails on a server of HTTP/1.1', async () => {
    await using server = await serveHttp((_, response) => response.end('hi'));
    expect(await probe(server.port)).toMatchObject({ outcome: 'failure', reason: 'protocol' });
  });

  it('fails on the end of the connection', async () => {
    await using server = await serveTcp((socket) => void socket.end());
    expect(await probe(server.port)).toMatchObject({ outcome: 'failure', reason: 'reset' });
  });

  it('fails on a port where nothing listens', async () => {
    expect(await probe(await closedPort())).toMatchObject({ outcome: 'failure', reason: 'refused' });
  });
});

describe('the messages of the health protocol', () => {
  const { root } = protobuf.parse(`syntax = "proto3"; package g;
    message Request { string service = 1; }
    message Response { enum Status { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; SERVICE_UNKNOWN = 3; } Status status = 1; string more = 9; }`);

  it('are what a schema makes of them', () => {
    const type = root.lookupType('g.Request');
    expect(type.toObject(type.decode(encodeHealthRequest('shop.Cart').subarray(5)))).toEqual({ service: 'shop.Cart' });
    expect(encodeHealthRequest('')).toEqual(Buffer.alloc(5));
    const answer = root.lookupType('g.Response');
    for (const [number, name] of ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'].entries()) {
      const message = answer.encode({ more: 'later fields', status: number }).finish();
      const prefix = Buffer.from([0, 0, 0, 0, message.length]);
      expect(decodeHealthResponse(Buffer.concat([prefix, message]))).toBe(name);
    }
  });
});
