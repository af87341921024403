import { compressSync } from 'snappy';
import type { Clock } from '../clock.ts';
import type { SeriesState } from '../metrics/registry.ts';
import { createWriteRequestBuffer } from './encode.ts';
import { nativeDurations } from './native-series.ts';
import { createPoster, type PostResult } from './post.ts';
import { type Batch, type BatchQueue, memoryQueue } from './queue.ts';
import { type DeliveryStats, DROP_REASONS, type DropReason, type ProbeSink } from './sink.ts';
import { splitBatch } from './split.ts';

/** Where and how to push. */
export interface RemoteWriteOptions {
  /** The whole URL: `http://127.0.0.1:9090/api/v1/write`. */
  url: string;
  clock: Clock;
  /** Sent with each request, beside those of the protocol; asked for at each, since credentials change. */
  headers?: () => Readonly<Record<string, string>>;
  /** A batch leaves when it is this old, or when its buffer is full. */
  flushIntervalMs?: number;
  /** Bound of one attempt. */
  attemptTimeoutMs?: number;
  /** Bound of the last sending at `stop`, from the last batch that was taken; four times as long in all. */
  stopTimeoutMs?: number;
  queue?: BatchQueue;
  /** Durations as native histograms beside the classic ones; Prometheus before 3.8 needs `--enable-feature=native-histograms`. */
  nativeHistograms?: boolean;
}

/** Back-off between attempts: doubled from the first to the last, as Prometheus's own remote write does (30 ms to 5 s). */
const BACKOFF_MS = { first: 30, last: 5_000 };

/** Longest pause that a receiver may ask for: a queue that stands still loses what comes next. */
const MAX_RETRY_AFTER_MS = 30_000;

/** A request of this size before compression is sent at once. */
const BUFFER_BYTES = 1024 * 1024;

/** The ends of ten thousand targets are 350,000 samples, more than a busy receiver takes in one time-out: who takes them is given more. */
const STOP_TIMEOUTS = 4;

/** Requests spent on finding the samples for which a batch was refused: enough for three of them among ten thousand. */
const SPLIT_REQUESTS = 64;

/** About four million samples, at 15.5 bytes each as measured: three minutes of ten thousand targets every 15 s. */
const QUEUE_BYTES = 64 * 1024 * 1024;

/**
 * Pushes samples into Prometheus (started with `--web.enable-remote-write-receiver`) or any other receiver of remote write 0.1.0.
 * One request at a time, in order, so that no sample of a series overtakes another. A receiver that is away is tried again while the
 * queue has room. A batch that it refuses for some of its samples is halved until these are found; they alone are lost, and counted by reason.
 */
export function createRemoteWrite({
  url,
  clock,
  headers = () => ({}),
  flushIntervalMs = 1_000,
  attemptTimeoutMs = 10_000,
  stopTimeoutMs = 5_000,
  queue = memoryQueue(QUEUE_BYTES),
  nativeHistograms = false,
}: RemoteWriteOptions): ProbeSink & { stats(): DeliveryStats } {
  const buffer = createWriteRequestBuffer(BUFFER_BYTES, nativeHistograms ? nativeDurations() : null);
  const poster = createPoster(url, attemptTimeoutMs, headers);
  const giveUp = new AbortController();
  const counts = { samplesSent: 0, retries: 0, lastError: '' };
  const dropped = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as Record<DropReason, number>;
  let cancelFlush: (() => void) | null = null;
  let sending: Promise<void> | null = null;
  let wakeSender = () => {};
  let closed = false;

  const seal = () => {
    cancelFlush?.();
    cancelFlush = null;
    const { samples } = buffer;
    if (samples === 0) return;
    // Copied: the compressor's own buffer is as large as the worst case, which would fill the memory ten times as fast.
    const body = Uint8Array.from(compressSync(buffer.take()));
    dropped['queue-full'] += queue.push({ body, samples });
    startSending();
  };
  const append = (state: SeriesState, timestampMs: number, stale: boolean) => {
    if (!buffer.append(state, timestampMs, stale)) {
      seal();
      buffer.append(state, timestampMs, stale);
    }
    cancelFlush ??= clock.after(flushIntervalMs, seal);
  };
  const startSending = () => {
    sending ??= send().finally(() => {
      sending = null;
    });
  };
  const send = async () => {
    for (let batch = queue.peek(); batch !== undefined && !giveUp.signal.aborted; batch = queue.peek()) {
      const outcome = await deliver(batch, { requests: SPLIT_REQUESTS });
      // Cut short: what was not taken stays queued.
      if (outcome === 'given-up') return;
      // A full queue may have pushed this very batch out meanwhile; it is counted there.
      if (queue.peek() === batch) queue.shift();
    }
  };
  /** Sends a batch, and where it is refused for a part of its samples, its halves. */
  const deliver = async (batch: Batch, budget: { requests: number }): Promise<'done' | 'given-up'> => {
    const result = await postUntilJudged(batch);
    if (result === null) return 'given-up';
    if (result.kind === 'accepted') {
      counts.samplesSent += batch.samples;
      return 'done';
    }
    counts.lastError = result.error;
    budget.requests -= 1;
    const halves = result.reason === 'refused' || budget.requests <= 0 ? null : splitBatch(batch);
    if (halves === null) {
      dropped[result.reason] += batch.samples;
      return 'done';
    }
    for (const half of halves) if ((await deliver(half, budget)) === 'given-up') return 'given-up';
    return 'done';
  };
  /** Null when the sink gave up before the receiver took or refused it. */
  const postUntilJudged = async (batch: Batch): Promise<Exclude<PostResult, { kind: 'retry' }> | null> => {
    for (let pauseMs: number = BACKOFF_MS.first; ; pauseMs = Math.min(pauseMs * 2, BACKOFF_MS.last)) {
      const result = await poster.post(batch.body, giveUp.signal);
      if (result.kind !== 'retry') return result;
      counts.lastError = result.error;
      if (giveUp.signal.aborted) return null;
      counts.retries += 1;
      await pause(Math.max(pauseMs, Math.min(result.afterMs ?? 0, MAX_RETRY_AFTER_MS)));
      if (giveUp.signal.aborted) return null;
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

  // What an earlier process left.
  if (queue.samples > 0) startSending();

  return {
    observe: (state, timestampMs) => append(state, timestampMs, false),
    end: (state, timestampMs) => append(state, timestampMs, true),
    stats: () => ({
      ...counts,
      dropped: { ...dropped },
      samplesDropped: Object.values(dropped).reduce((sum, samples) => sum + samples, 0),
      samplesQueued: closed ? 0 : queue.samples + buffer.samples,
    }),
    async stop() {
      seal();
      wakeSender();
      const endMs = clock.monotonicMs() + STOP_TIMEOUTS * stopTimeoutMs;
      let sent = counts.samplesSent;
      const look = () => {
        if (counts.samplesSent > sent && clock.monotonicMs() < endMs) {
          sent = counts.samplesSent;
          cancel = clock.after(stopTimeoutMs, look);
          return;
        }
        giveUp.abort();
        wakeSender();
      };
      let cancel = clock.after(stopTimeoutMs, look);
      await sending;
      cancel();
      dropped.stopped += await queue.close();
      closed = true;
      await poster.close();
    },
  };
}
