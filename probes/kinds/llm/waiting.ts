import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../clock.ts';
import { ProbeFailure } from '../../failure.ts';
import type { Timeline } from './timeline.ts';

/** Bytes of an answer that is no stream, as far as it is read. */
const MAX_OTHER_BYTES = 65_536;

/**
 * Fails when the first token, or the next one, does not come in time. Wall-clock: whatever else a provider sends meanwhile keeps only the
 * connection alive.
 * @returns ends the watch.
 */
export function watchTokens(
  {
    clock,
    timeline,
    sentMs,
    call,
    catchUp,
  }: {
    clock: Clock;
    timeline: Timeline;
    sentMs: number;
    call: { firstTokenWithinMs: number; gapWithinMs: number };
    /** Reads what has arrived and was not read yet. */
    catchUp: () => void;
  },
  fail: (error: ProbeFailure) => void,
): () => void {
  let cancel = () => {};
  const check = () => {
    catchUp();
    const { hasToken, lastTokenMs } = timeline;
    const limitMs = hasToken ? call.gapWithinMs : call.firstTokenWithinMs;
    const leftMs = (hasToken ? lastTokenMs : sentMs) + limitMs - clock.monotonicMs();
    if (leftMs > 0) cancel = clock.after(Math.ceil(leftMs), check);
    else if (hasToken) fail(new ProbeFailure('stalled-stream', `no token for ${limitMs} ms${soFar(timeline)}`));
    else fail(new ProbeFailure('first-token-timeout', `no token within ${limitMs} ms${waited(timeline)}`));
  };
  cancel = clock.after(Math.min(call.firstTokenWithinMs, call.gapWithinMs), check);
  return () => cancel();
}

/** Reads the start of an answer that is no stream, then hands it on. */
export function answerInstead(message: IncomingMessage, hand: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const end = () => hand(Buffer.concat(chunks).toString('utf8'));
  message.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_OTHER_BYTES) {
      message.destroy();
      end();
    }
  });
  message.once('end', end);
  message.once('error', end);
}

/** How far a stream got, for people. */
export function soFar(timeline: Timeline): string {
  const { chunks = 0 } = timeline.facts();
  return ` after ${chunks} ${chunks === 1 ? 'chunk' : 'chunks'} of text`;
}

function waited(timeline: Timeline): string {
  const { keepAlives = 0 } = timeline.facts();
  return keepAlives === 0 ? '' : `, only ${keepAlives} keep-alive${keepAlives === 1 ? '' : 's'}: the provider queues`;
}
