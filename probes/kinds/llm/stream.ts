import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import type { Deadline } from '../../deadline.ts';
import { ProbeFailure, toProbeFailure } from '../../failure.ts';
import type { LlmDialect } from './dialects/dialect.ts';
import { createEventReader } from './event-reader.ts';
import { refusal } from './refusal.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { answerInstead, watchTokens } from './waiting.ts';

/** One streamed completion over a connection that is already open. */
export interface CompletionCall {
  socket: Socket;
  path: string;
  headers: Record<string, string>;
  body: string;
  bodyLimitBytes: number;
  dialect: LlmDialect;
  firstTokenWithinMs: number;
  gapWithinMs: number;
  /** Takes the credential out of a text. */
  conceal: (text: string) => string;
}

/** What is known of a call while it is under way; true up to the point of a failure. */
export interface CallProgress {
  timeline: Timeline | null;
  /** Whether the provider may charge for it: not before it is sent, nor once it is refused. */
  billable: boolean;
  /** Value of Retry-After. */
  retryAfter: string | undefined;
  status: number;
}

/** Seconds: to the head of the answer, and from there to its end. */
export interface StreamPhases {
  processing: number;
  transfer: number;
}

/**
 * Sends the request and reads the stream to its end. Bytes are given their time as they arrive and are read once all connections have
 * had their turn: a hundred streams in one process would otherwise time each other's parsing.
 * @throws ProbeFailure for whatever ends a stream but its own terminator.
 */
export async function streamCompletion(
  call: CompletionCall,
  { clock, deadline, phases }: { clock: Clock; deadline: Deadline; phases: StreamPhases },
  progress: CallProgress,
): Promise<Timeline> {
  const { socket, path, headers, conceal } = call;
  const sentMs = clock.monotonicMs();
  const timeline = createTimeline(sentMs);
  progress.timeline = timeline;
  let headMs: number | null = null;
  let stopWatching = () => {};
  try {
    await deadline.stage<void>('reading the stream', (done, fail) => {
      const sent = request({ createConnection: () => socket, method: 'POST', path, headers, setHost: false });
      const reader = createEventReader({ call, timeline, progress }, { done, fail });
      stopWatching = watchTokens({ clock, timeline, sentMs, call, catchUp: reader.catchUp }, fail);
      sent.on('error', (error) => reader.broken(error));
      // Node hands the request to the kernel right after this event.
      sent.once('socket', () => timeline.sent(clock.monotonicMs()));
      sent.once('upgrade', () => fail(new ProbeFailure('protocol', 'the server switched to another protocol')));
      sent.once('response', (message: IncomingMessage) => {
        headMs = clock.monotonicMs();
        progress.status = message.statusCode ?? 0;
        progress.retryAfter = message.headers['retry-after'];
        const type = message.headers['content-type'] ?? '';
        if (progress.status !== 200) {
          progress.billable = false;
          answerInstead(message, (body) => fail(refusal(progress.status, body, conceal)));
        } else if (!/^text\/event-stream\b/i.test(type)) {
          answerInstead(message, (body) => fail(reader.noStream(type, body)));
        } else reader.read(message, clock);
      });
      progress.billable = true;
      sent.end(call.body);
      return () => sent.destroy();
    });
    return timeline;
  } catch (error) {
    throw toProbeFailure(error);
  } finally {
    stopWatching();
    socket.destroy();
    const endMs = clock.monotonicMs();
    phases.processing += ((headMs ?? endMs) - sentMs) / 1_000;
    if (headMs !== null) phases.transfer += (endMs - headMs) / 1_000;
  }
}
