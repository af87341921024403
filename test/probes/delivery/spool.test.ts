import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../probes/clock.ts';
import { createRemoteWrite } from '../../../probes/delivery/remote-write.ts';
import { openSpool, type Spool } from '../../../probes/delivery/spool.ts';
import { createRegistry, recordRun } from '../../../probes/metrics/registry.ts';
import { runSample } from '../metrics/samples.ts';
import { closedPort, serveHttp, target, until } from '../support.ts';

async function folder() {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-spool-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const LIMIT = { limitBytes: 1024 * 1024 };
const batch = (samples: number, bytes = 100) => ({ body: Buffer.alloc(bytes, samples), samples });
const segments = async (dir: string) => (await readdir(dir)).filter((name) => name.endsWith('.segment')).sort();

/** Takes everything out; the samples of each batch, which are its content as well. */
function drain(spool: Spool): number[] {
  const seen: number[] = [];
  for (let next = spool.peek(); next !== undefined; next = spool.peek()) {
    expect(Buffer.from(next.body).every((byte) => byte === next.samples)).toBe(true);
    seen.push(next.samples);
    spool.shift();
  }
  return seen;
}

/** A folder in which a process left these batches. */
async function leftBehind(counts: readonly number[], taken = 0) {
  const dir = await folder();
  const spool = await openSpool({ dir, ...LIMIT });
  for (const count of counts) spool.push(batch(count));
  await until(() => (spool.bytes === counts.length * 112 ? true : undefined));
  for (let i = 0; i < taken; i += 1) spool.shift();
  expect(await spool.close()).toBe(0);
  return dir;
}

describe('the spool', () => {
  it('hands on in order, and keeps nothing on disk of what was taken', async () => {
    const dir = await folder();
    const spool = await openSpool({ dir, ...LIMIT });
    for (const count of [1, 2, 3]) expect(spool.push(batch(count))).toBe(0);
    expect(spool.samples).toBe(6);
    expect(spool.peek()).toBe(spool.peek());
    expect(drain(spool)).toEqual([1, 2, 3]);
    await spool.close();
    const again = await openSpool({ dir, ...LIMIT });
    expect([again.peek(), again.samples, again.bytes]).toEqual([undefined, 0, 0]);
    expect(await segments(dir)).toEqual([]);
    await again.close();
  });

  it('gives what was left first, then what is new', async () => {
    const dir = await leftBehind([1, 2, 3, 4], 2);
    const spool = await openSpool({ dir, ...LIMIT });
    expect(spool.samples).toBe(7);
    spool.push(batch(5));
    expect(drain(spool)).toEqual([3, 4, 5]);
    await spool.close();
  });

  it('outlives several restarts without a receiver', async () => {
    const dir = await leftBehind([1, 2]);
    for (const count of [3, 4]) {
      const spool = await openSpool({ dir, ...LIMIT });
      spool.push(batch(count));
      await spool.close();
    }
    const spool = await openSpool({ dir, ...LIMIT });
    expect(drain(spool)).toEqual([1, 2, 3, 4]);
    await spool.close();
  });

  const only = async (dir: string) => join(dir, (await segments(dir))[0] ?? '');
  it.each<[string, (file: string) => Promise<void>, number[]]>([
    ['cuts a batch that is half written', async (file) => truncate(file, 112 * 3 - 1), [1, 2]],
    ['cuts a head that is half written', async (file) => truncate(file, 112 * 2 + 5), [1, 2]],
    ['cuts the zeros that a power cut leaves', async (file) => appendFile(file, Buffer.alloc(4_096)), [1, 2, 3]],
    ['cuts what is none of its own', async (file) => appendFile(file, 'not a record at all'), [1, 2, 3]],
    ['stops at a changed byte', async (file) => flip(file, 112 + 50), [1]],
    ['stops at a changed number of samples', async (file) => flip(file, 112 + 4), [1]],
    ['takes an empty segment', async (file) => truncate(file, 0), []],
  ])('%s', async (_, damage, left) => {
    const dir = await leftBehind([1, 2, 3]);
    await damage(await only(dir));
    const spool = await openSpool({ dir, ...LIMIT });
    spool.push(batch(9));
    expect(drain(spool)).toEqual([...left, 9]);
    await spool.close();
  });

  it('sends twice rather than not at all when the cursor is damaged', async () => {
    const dir = await leftBehind([1, 2, 3], 2);
    await writeFile(join(dir, 'cursor'), 'torn');
    const spool = await openSpool({ dir, ...LIMIT });
    expect(drain(spool)).toEqual([1, 2, 3]);
    await spool.close();
  });

  it('loses the oldest when it is full, says how much, and stays within its limit', async () => {
    const dir = await folder();
    const spool = await openSpool({ dir, limitBytes: 64 * 1024 });
    let dropped = 0;
    for (let i = 0; i < 200; i += 1) {
      dropped += spool.push(batch(1, 1_000));
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    dropped += spool.push(batch(7, 1_000));
    dropped += await spool.close();
    expect(dropped).toBeGreaterThan(100);
    expect(spool.samples + dropped).toBe(207);
    const sizes = await Promise.all(
      (await segments(dir)).map(async (name) => (await readFile(join(dir, name))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(64 * 1024 + 8 * 1024);
    const again = await openSpool({ dir, limitBytes: 64 * 1024 });
    expect(again.samples).toBe(spool.samples);
    expect(drain(again).at(-1)).toBe(7);
    await again.close();
  });

  it('reads back from the disk what the memory has no room for', async () => {
    const dir = await folder();
    const spool = await openSpool({ dir, ...LIMIT, memoryBytes: 1_200 });
    for (let count = 1; count <= 20; count += 1) spool.push(batch(count));
    await until(async () =>
      (await readFile(join(dir, (await segments(dir))[0] ?? 'cursor'))).length >= 2_240 ? 1 : undefined,
    );
    expect(drain(spool)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    await spool.close();
  });

  it('goes on without a disk, and counts what then is lost', async () => {
    const dir = await folder();
    const spool = await openSpool({ dir, ...LIMIT, memoryBytes: 200 });
    await rm(dir, { recursive: true });
    let dropped = 0;
    for (let count = 1; count <= 10; count += 1) dropped += spool.push(batch(1));
    await until(() => (spool.lastError.includes('ENOENT') ? true : undefined));
    expect([dropped, spool.samples]).toEqual([6, 4]);
    expect(drain(spool)).toEqual([1, 1, 1, 1]);
    spool.push(batch(3));
    expect(await spool.close()).toBe(3);
  });
});

async function flip(file: string, offset: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

describe('remote write over a spool', () => {
  const state = () => {
    const series = createRegistry().add(target());
    recordRun(series, runSample());
    return series;
  };

  it('a prober that ends during an outage leaves its samples to the next', async () => {
    const dir = await folder();
    const series = state();
    const samples = series.layout.series.length;
    const options = { clock: systemClock(), flushIntervalMs: 5, stopTimeoutMs: 50 };
    const first = createRemoteWrite({
      ...options,
      url: `http://127.0.0.1:${await closedPort()}`,
      queue: await openSpool({ dir, ...LIMIT }),
    });
    first.observe(series, 1_000);
    await until(() => (first.stats().retries > 0 ? true : undefined));
    first.observe(series, 2_000);
    await first.stop();
    expect(first.stats()).toMatchObject({ samplesSent: 0, samplesDropped: 0 });

    const bodies: number[] = [];
    await using receiver = await serveHttp((request, response) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      request.on('end', () => {
        bodies.push(bytes);
        response.writeHead(204).end();
      });
    });
    const url = `http://127.0.0.1:${receiver.port}`;
    const second = createRemoteWrite({ ...options, url, queue: await openSpool({ dir, ...LIMIT }) });
    await until(() => (second.stats().samplesSent === 2 * samples ? true : undefined));
    second.observe(series, 3_000);
    await second.stop();
    expect(second.stats()).toMatchObject({ samplesSent: 3 * samples, samplesDropped: 0, samplesQueued: 0 });
    expect(bodies).toHaveLength(3);

    const third = await openSpool({ dir, ...LIMIT });
    expect(third.samples).toBe(0);
    await third.close();
  });
});
