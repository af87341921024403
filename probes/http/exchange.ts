import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { ProbeFailure, toProbeFailure } from '../failure.ts';

/** One request over a connection that is already open. */
export interface Exchange {
  socket: Socket;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
  /** Keep the text of the body; otherwise it is only counted. */
  keepText: boolean;
  bodyLimitBytes: number;
}

/** An answer, read to its end. */
export interface HttpAnswer {
  message: IncomingMessage;
  /** Empty unless it was to be kept. */
  text: string;
}

/** Seconds: from the request to the first byte of the answer, and from there to its end. */
export interface ExchangePhases {
  processing: number;
  transfer: number;
}

/**
 * Sends one request and reads the whole answer.
 * @param onHead called with the answer's head before its body is read.
 * @throws ProbeFailure: timeout, reset, protocol, body-too-large.
 */
export async function exchange(
  { socket, method, path, headers, body, keepText, bodyLimitBytes }: Exchange,
  { clock, deadline, phases }: { clock: Clock; deadline: Deadline; phases: ExchangePhases },
  onHead: (message: IncomingMessage) => void,
): Promise<HttpAnswer> {
  let phase: keyof ExchangePhases = 'processing';
  let sinceMs = clock.monotonicMs();
  const close = () => {
    const nowMs = clock.monotonicMs();
    phases[phase] += (nowMs - sinceMs) / 1_000;
    sinceMs = nowMs;
  };
  try {
    const message = await deadline.stage<IncomingMessage>('waiting for the answer', (done, fail) => {
      // Node takes the connection as it is, encrypted or not, and sends "Connection: close".
      const sent = request({ createConnection: () => socket, method, path, headers, setHost: false });
      watch(sent, done, fail);
      sent.end(body ?? undefined);
      return () => sent.destroy();
    });
    close();
    phase = 'transfer';
    onHead(message);
    return { message, text: await readBody(message, deadline, keepText, bodyLimitBytes) };
  } catch (error) {
    throw toProbeFailure(error);
  } finally {
    close();
    socket.destroy();
  }
}

function watch(sent: ClientRequest, done: (message: IncomingMessage) => void, fail: (error: unknown) => void) {
  sent.on('error', fail);
  sent.once('response', done);
  sent.once('upgrade', () => fail(new ProbeFailure('protocol', 'the server switched to another protocol')));
}

function readBody(message: IncomingMessage, deadline: Deadline, keepText: boolean, limitBytes: number) {
  return deadline.stage<string>('reading the body', (done, fail) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (keepText) chunks.push(chunk);
      if (bytes > limitBytes) {
        fail(new ProbeFailure('body-too-large', `body of more than ${limitBytes} bytes`));
        message.destroy();
      }
    });
    message.once('end', () => done(Buffer.concat(chunks).toString('utf8')));
    message.once('error', fail);
    return () => message.destroy();
  });
}
