import { compressSync } from 'snappy';
import type { Clock } from '../clock.ts';
import type { TargetSeries } from '../metrics/registry.ts';
import { createWriteRequestBuffer } from './encode.ts';
import { createPoster } from './post.ts';
import { type BatchQueue, memoryQueue } from './queue.ts';
import type { DeliveryStats, ProbeSink } from './sink.ts';

/** Where and how to push. */
export interface RemoteWriteOptions {
  /** The whole URL: `http://127.0.0.1:9090/api/v1/write`. */
  url: string;
  clock: Clock;
  headers?: Readonly<Record<string, string>>;
  /** A batch leaves when it is this old, or when its buffer is full. */
  flushIntervalMs?: number;
  /** Bound of one attempt. */
  attemptTimeoutMs?: number;
  /** Bound of the last sending at `stop`. */
  stopTimeoutMs?: number;
  queue?: BatchQueue;
}

/** Back-off between attempts: doubled from the first to the last, as Prometheus's own remote write does (30 ms to 5 s). */
const BACKOFF_MS = { first: 30, last: 5_000 };

/** Longest pause that a receiver may ask for: a queue that stands still loses what comes next. */
const MAX_RETRY_AFTER_MS = 30_000;

/** About four million samples, at 15.5 bytes each as measured: three minutes of ten thousand targets every 15 s. */
const QUEUE_BYTES = 64 * 1024 * 1024;

/**
 * Pushes samples into Prometheus (started with `--web.enable-remote-write-receiver`) or any other receiver of remote write 0.1.0.
 * One request at a time, in order, so that no sample of a series overtakes another. A receiver that is away is tried again while the
 * queue has room; a batch that it refuses is dropped and counted.
 */
export function createRemoteWrite({
  url,
  clock,
  headers = {},
  flushIntervalMs = 1_000,
  attemptTimeoutMs = 10_000,
  stopTimeoutMs = 5_000,
  queue = memoryQueue(QUEUE_BYTES),
}: RemoteWriteOptions): ProbeSink & { stats(): DeliveryStats } {
  const buffer = createWriteRequestBuffer();
  const poster = createPoster(url, attemptTimeoutMs, headers);
  const giveUp = new AbortController();
  const counts = { samplesSent: 0, samplesDropped: 0, retries: 0, lastError: '' };
  let cancelFlush: (() => void) | null = null;
  let sending: Promise<void> | null = null;
  let wakeSender = () => {};

  const seal = () => {
    cancelFlush?.();
    cancelFlush = null;
    const { samples } = buffer;
    if (samples === 0) return;
    // Copied: the compressor's own buffer is as large as the worst case, which would fill the memory ten times as fast.
    const body = Uint8Array.from(compressSync(buffer.take()));
    counts.samplesDropped += queue.push({ body, samples });
    sending ??= send().finally(() => {
      sending = null;
    });
  };
  const append = (state: TargetSeries, timestampMs: number, stale: boolean) => {
    if (!buffer.append(state, timestampMs, stale)) {
      seal();
      buffer.append(state, timestampMs, stale);
    }
    cancelFlush ??= clock.after(flushIntervalMs, seal);
  };
  const send = async () => {
    let pauseMs: number = BACKOFF_MS.first;
    for (let batch = queue.peek(); batch !== undefined && !giveUp.signal.aborted; batch = queue.peek()) {
      const result = await poster.post(batch.body, giveUp.signal);
      if (result.kind === 'retry') {
        counts.lastError = result.error;
        if (giveUp.signal.aborted) return;
        counts.retries += 1;
        await pause(Math.max(pauseMs, Math.min(result.afterMs ?? 0, MAX_RETRY_AFTER_MS)));
        pauseMs = Math.min(pauseMs * 2, BACKOFF_MS.last);
        continue;
      }
      pauseMs = BACKOFF_MS.first;
      // A full queue may have pushed this very batch out meanwhile; it is counted there.
      if (queue.peek() === batch) queue.shift();
      if (result.kind === 'accepted') counts.samplesSent += batch.samples;
      else {
        counts.samplesDropped += batch.samples;
        counts.lastError = result.error;
      }
    }
  };
  const pause = (delayMs: number) =>
    new Promise<void>((resolve) => {
      const cancel = clock.after(delayMs, resolve);
      wakeSender = () => {
        cancel();
        resolve();
      };
    });

  return {
    observe: (state, timestampMs) => append(state, timestampMs, false),
    end: (state, timestampMs) => append(state, timestampMs, true),
    stats: () => ({ ...counts, samplesQueued: queue.samples + buffer.samples }),
    async stop() {
      seal();
      wakeSender();
      const cancel = clock.after(stopTimeoutMs, () => {
        giveUp.abort();
        wakeSender();
      });
      await sending;
      cancel();
      counts.samplesDropped += queue.samples;
      while (queue.peek() !== undefined) queue.shift();
      await poster.close();
    },
  };
}
