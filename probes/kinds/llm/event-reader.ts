import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../clock.ts';
import { ProbeFailure, toProbeFailure } from '../../failure.ts';
import { createSseParser } from '../../http/sse.ts';
import { errorOf } from './dialects/dialect.ts';
import { streamError } from './refusal.ts';
import type { CallProgress, CompletionCall } from './stream.ts';
import type { Timeline } from './timeline.ts';
import { soFar } from './waiting.ts';

/** Reads the events of one stream into its timeline, and tells its end. */
export interface EventReader {
  read(message: IncomingMessage, clock: Clock): void;
  /** Reads what has arrived. */
  catchUp(): void;
  /** The connection ended with an error. */
  broken(error: unknown): void;
  /** The failure that an answer of status 200 is which is no stream. */
  noStream(contentType: string, body: string): ProbeFailure;
}

export function createEventReader(
  { call, timeline, progress }: { call: CompletionCall; timeline: Timeline; progress: CallProgress },
  { done, fail }: { done: () => void; fail: (error: unknown) => void },
): EventReader {
  const { dialect, bodyLimitBytes, conceal } = call;
  const arrived: { chunk: Buffer; atMs: number }[] = [];
  let bytes = 0;
  let atMs = 0;
  let ended = false;
  let started = false;

  const parser = createSseParser({
    onComment: () => timeline.keepAlive(),
    onEvent({ data }) {
      if (ended) return;
      if (data === dialect.terminator) return end();
      const value = parseEvent(data);
      const error = errorOf(value);
      if (error !== null) {
        if (!timeline.hasToken) progress.billable = false;
        throw streamError(error, conceal);
      }
      timeline.add(dialect.read(value), atMs);
    },
  });
  const end = () => {
    ended = true;
    if (timeline.finishReason === null) {
      fail(new ProbeFailure('truncated-stream', `ended without a finish reason${soFar(timeline)}`));
    } else done();
  };
  const catchUp = () => {
    try {
      for (const each of arrived.splice(0)) {
        atMs = each.atMs;
        parser.push(each.chunk);
      }
    } catch (error) {
      ended = true;
      fail(toProbeFailure(error));
    }
  };
  const cut = (how: string) => {
    catchUp();
    if (ended) return;
    ended = true;
    fail(new ProbeFailure('truncated-stream', `${how}${soFar(timeline)}`));
  };

  return {
    catchUp,
    read(message, clock) {
      started = true;
      message.on('data', (chunk: Buffer) => {
        arrived.push({ chunk, atMs: clock.monotonicMs() });
        if (arrived.length === 1) setImmediate(catchUp);
        bytes += chunk.length;
        if (bytes > bodyLimitBytes) {
          fail(new ProbeFailure('body-too-large', `a stream of more than ${bodyLimitBytes} bytes`));
          message.destroy();
        }
      });
      message.once('end', () => {
        catchUp();
        if (ended) return;
        if (dialect.terminator === null) end();
        else cut(`ended without ${dialect.terminator}`);
      });
      message.once('error', (error: NodeJS.ErrnoException) =>
        cut(`the connection ended (${error.code ?? error.message})`),
      );
    },
    broken(error) {
      if (started) cut(`the connection ended (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
      else fail(error);
    },
    noStream(contentType, body) {
      progress.billable = false;
      const error = errorOf(parseOrNull(body));
      if (error !== null) return streamError(error, conceal);
      return new ProbeFailure('content-type', `the answer is ${contentType || 'of no type'}, not text/event-stream`);
    },
  };
}

function parseEvent(data: string): unknown {
  const value = parseOrNull(data);
  if (value !== null) return value;
  throw new ProbeFailure('stream-error', 'an event of the stream is not JSON');
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
