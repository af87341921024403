import type { RequestListener } from 'node:http';
import { uncompressSync } from 'snappy';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { memoryQueue } from '../../../probes/delivery/queue.ts';
import { createRemoteWrite, type RemoteWriteOptions } from '../../../probes/delivery/remote-write.ts';
import { createRegistry, recordRun } from '../../../probes/metrics/registry.ts';
import { runSample } from '../metrics/samples.ts';
import { closedPort, serveHttp, target, until } from '../support.ts';

function series() {
  const state = createRegistry().add(target());
  recordRun(state, runSample());
  return { state, samples: state.layout.series.length };
}

/** A receiver that gives these answers one after the other, the last for good. */
function receiver(answers: RequestListener[]) {
  const bodies: Buffer[] = [];
  const headers: unknown[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answers[Math.min(bodies.length, answers.length - 1)];
      bodies.push(Buffer.concat(chunks));
      headers.push(request.headers);
      answer?.(request, response);
    });
  };
  return { listener, bodies, headers };
}
const status =
  (code: number, headers = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(code, headers).end(`answer ${code}`);

const writer = (port: number, change: Partial<RemoteWriteOptions> = {}) =>
  createRemoteWrite({
    url: `http://127.0.0.1:${port}/api/v1/write`,
    clock: systemClock(),
    flushIntervalMs: 5,
    ...change,
  });

describe('remote write', () => {
  it('sends what it was given, with the headers of version 0.1.0', async () => {
    const { listener, headers } = receiver([status(204)]);
    await using server = await serveHttp(listener);
    const sink = writer(server.port);
    const { state, samples } = series();
    sink.observe(state, 1_000);
    await until(() => (sink.stats().samplesSent === samples ? true : undefined));
    expect(headers[0]).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    });
    await sink.stop();
    expect(sink.stats()).toMatchObject({
      samplesSent: samples,
      samplesDropped: 0,
      samplesQueued: 0,
      retries: 0,
      lastError: '',
    });
  });

  it.each([500, 503, 429])('tries the same batch again after %d', async (code) => {
    const { listener, bodies } = receiver([status(code), status(code), status(204)]);
    await using server = await serveHttp(listener);
    const sink = writer(server.port);
    const { state, samples } = series();
    sink.observe(state, 1_000);
    await until(() => (sink.stats().samplesSent === samples ? true : undefined));
    expect(bodies).toHaveLength(3);
    expect(bodies[2]).toEqual(bodies[0]);
    expect(sink.stats()).toMatchObject({
      retries: 2,
      samplesDropped: 0,
      lastError: expect.stringContaining(`answered ${code}: answer ${code}`),
    });
    await sink.stop();
  });

  it('waits as long as the receiver asks', async () => {
    const { listener } = receiver([status(429, { 'retry-after': '1' }), status(204)]);
    await using server = await serveHttp(listener);
    const sink = writer(server.port);
    const { state, samples } = series();
    const startMs = performance.now();
    sink.observe(state, 1_000);
    await until(() => (sink.stats().samplesSent === samples ? true : undefined));
    expect(performance.now() - startMs).toBeGreaterThan(990);
    await sink.stop();
  });

  it('drops and counts a batch that is refused, and goes on with the next', async () => {
    const { listener } = receiver([status(400), status(204)]);
    await using server = await serveHttp(listener);
    const sink = writer(server.port);
    const { state, samples } = series();
    sink.observe(state, 1_000);
    await until(() => (sink.stats().samplesDropped === samples ? true : undefined));
    sink.observe(state, 2_000);
    await until(() => (sink.stats().samplesSent === samples ? true : undefined));
    expect(sink.stats()).toMatchObject({ samplesSent: samples, samplesDropped: samples, retries: 0 });
    await sink.stop();
  });

  it('takes credentials out of its address: into a header, and into no error', async () => {
    const { listener, headers } = receiver([
      (request, response) => void response.writeHead(403).end(JSON.stringify(request.headers)),
    ]);
    await using server = await serveHttp(listener);
    const sink = writer(server.port, { url: `http://ops:s3cret%2Fword@127.0.0.1:${server.port}/api/v1/write` });
    sink.observe(series().state, 1_000);
    await until(() => (sink.stats().samplesDropped > 0 ? true : undefined));
    const credential = Buffer.from('ops:s3cret/word').toString('base64');
    expect(headers[0]).toMatchObject({ authorization: `Basic ${credential}` });
    expect(sink.stats().lastError).toContain('answered 403');
    expect(sink.stats().lastError).not.toMatch(new RegExp(`s3cret|${credential}`));
    await sink.stop();
  });

  it('halves a batch that is refused for a part of it, and loses that part alone', async () => {
    const { state } = series();
    const poisoned = 'probe_timeout_seconds';
    const { listener } = receiver([
      (_, response) => {
        const body = uncompressSync(bodies.at(-1) as Buffer) as Buffer;
        if (body.includes(poisoned)) response.writeHead(400).end('out of order sample');
        else response.writeHead(204).end();
      },
    ]);
    const bodies: Buffer[] = [];
    await using server = await serveHttp((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk));
      listener(request, response);
    });
    const sink = writer(server.port);
    sink.observe(state, 1_000);
    const { length } = state.layout.series;
    await until(() => (sink.stats().samplesSent === length - 1 ? true : undefined));
    expect(sink.stats()).toMatchObject({ samplesDropped: 1, dropped: { 'out-of-order': 1, refused: 0 } });
    await sink.stop();
  });

  it('tries again when nobody listens or nobody answers', async () => {
    const port = await closedPort();
    const nobody = writer(port, { stopTimeoutMs: 50 });
    nobody.observe(series().state, 1_000);
    await until(() => (nobody.stats().retries >= 2 ? true : undefined));
    expect(nobody.stats().lastError).toContain('ECONNREFUSED');
    await nobody.stop();

    const { listener } = receiver([() => {}, status(204)]);
    await using server = await serveHttp(listener);
    const silent = writer(server.port, { attemptTimeoutMs: 50 });
    const { state, samples } = series();
    silent.observe(state, 1_000);
    await until(() => (silent.stats().samplesSent === samples ? true : undefined));
    expect(silent.stats().retries).toBe(1);
    await silent.stop();
  });

  it('sends what is left when it stops', async () => {
    const { listener } = receiver([status(204)]);
    await using server = await serveHttp(listener);
    const sink = writer(server.port, { flushIntervalMs: 60_000 });
    const { state, samples } = series();
    sink.observe(state, 1_000);
    sink.end(state, 1_001);
    await sink.stop();
    expect(sink.stats()).toMatchObject({ samplesSent: 2 * samples, samplesDropped: 0 });
  });

  it.each([
    ['is given more time while it takes one batch after the other', 4, 0],
    ['is left at last all the same', 40, 10],
  ])('a slow receiver %s', async (_, batches, lostAtLeast) => {
    const slow: RequestListener = (_, response) => void setTimeout(() => response.writeHead(204).end(), 60);
    await using server = await serveHttp(receiver([slow]).listener);
    const queue = memoryQueue(1_000_000);
    for (let batch = 0; batch < batches; batch += 1) queue.push({ body: Buffer.from('samples'), samples: 1 });
    const sink = writer(server.port, { stopTimeoutMs: 150, queue });
    const startMs = performance.now();
    await sink.stop();
    expect(performance.now() - startMs).toBeLessThan(2_000);
    const { samplesSent, samplesDropped } = sink.stats();
    expect(samplesSent + samplesDropped).toBe(batches);
    if (lostAtLeast === 0) expect(samplesDropped).toBe(0);
    else expect(samplesDropped).toBeGreaterThanOrEqual(lostAtLeast);
  });

  it('gives up at its deadline when it stops, and counts what it lost', async () => {
    const sink = writer(await closedPort(), { stopTimeoutMs: 100 });
    const { state, samples } = series();
    sink.observe(state, 1_000);
    const startMs = performance.now();
    await sink.stop();
    expect(performance.now() - startMs).toBeLessThan(1_000);
    expect(sink.stats()).toMatchObject({ samplesSent: 0, samplesDropped: samples, samplesQueued: 0 });
  });
});

describe('the queue', () => {
  it('loses the oldest when it is full, and says how much', () => {
    const queue = memoryQueue(250);
    const batch = (samples: number) => ({ body: Buffer.alloc(100), samples });
    expect([queue.push(batch(1)), queue.push(batch(2)), queue.push(batch(3))]).toEqual([0, 0, 1]);
    expect(queue.samples).toBe(5);
    expect(queue.peek()?.samples).toBe(2);
    queue.shift();
    queue.shift();
    expect([queue.peek(), queue.samples]).toEqual([undefined, 0]);
  });
});
