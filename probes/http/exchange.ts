import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { ProbeFailure, toProbeFailure } from '../failure.ts';
import { decodeBody } from './decode.ts';

/** One request over a connection that is already open. */
export interface Exchange {
  socket: Socket;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
  /** Keep the text of the body, decoded; otherwise it is only counted. */
  keepText: boolean;
  bodyLimitBytes: number;
  headerLimitBytes: number;
}

/** An answer, read to its end. */
export interface HttpAnswer {
  message: IncomingMessage;
  /** Empty unless it was to be kept. */
  text: string;
  /** Bytes of the body; decoded if its text was kept, else as sent. */
  bodyBytes: number;
}

/** Seconds: from the request to the first byte of the answer, and from there to its end. */
export interface ExchangePhases {
  processing: number;
  transfer: number;
}

/**
 * Sends one request and reads the whole answer.
 * @param onHead called with the answer's head before its body is read.
 * @throws ProbeFailure: timeout, reset, closed, truncated, protocol, headers-too-large, body-too-large, encoding.
 */
export async function exchange(
  { socket, method, path, headers, body, keepText, bodyLimitBytes, headerLimitBytes }: Exchange,
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
  let sent: ClientRequest | undefined;
  const faults = watchFaults(socket);
  try {
    const message = await deadline.stage<IncomingMessage>('waiting for the answer', (done, fail) => {
      // Node takes the connection as it is, encrypted or not, and sends "Connection: close".
      sent = request({
        createConnection: () => socket,
        method,
        path,
        headers,
        setHost: false,
        maxHeaderSize: headerLimitBytes,
      });
      sent.on('error', (error) => {
        faults.note(error);
        fail(faults.explain(error, headerLimitBytes));
      });
      sent.once('response', done);
      sent.once('upgrade', () => fail(new ProbeFailure('protocol', 'the server switched to another protocol')));
      sent.end(body ?? undefined);
      return () => sent?.destroy();
    });
    close();
    phase = 'transfer';
    onHead(message);
    const raw = await readBody(message, deadline, keepText, bodyLimitBytes).catch((error) => {
      throw faults.explain(error, headerLimitBytes);
    });
    if (faults.first !== null) throw faults.explain(faults.first, headerLimitBytes);
    if (!keepText) return { message, text: '', bodyBytes: raw.bytes };
    const encodings = message.headers['content-encoding'];
    const whole = Buffer.concat(raw.chunks);
    const decoded = encodings === undefined ? whole : await decodeBody(whole, encodings, deadline, bodyLimitBytes);
    return { message, text: decoded.toString('utf8'), bodyBytes: decoded.length };
  } catch (error) {
    throw toProbeFailure(error);
  } finally {
    close();
    socket.destroy();
  }
}

/** The errors of a connection under a request, told apart: Node calls a peer that ends in order a reset as well. */
function watchFaults(socket: Socket) {
  let onSocket = false;
  let first: Error | null = null;
  socket.once('error', () => {
    onSocket = true;
  });
  return {
    note: (error: Error) => {
      first ??= error;
    },
    get first() {
      return first;
    },
    explain(error: unknown, headerLimitBytes: number): unknown {
      const { code, message = '' } = error as NodeJS.ErrnoException;
      if (code === 'HPE_HEADER_OVERFLOW') {
        return new ProbeFailure('headers-too-large', `headers of more than ${headerLimitBytes} bytes`);
      }
      if (code !== 'ECONNRESET' || onSocket) return error;
      if (message === 'socket hang up') return new ProbeFailure('closed', 'connection closed without an answer');
      if (message === 'aborted') return new ProbeFailure('truncated', 'connection closed before the end of the body');
      return error;
    },
  };
}

function readBody(message: IncomingMessage, deadline: Deadline, keep: boolean, limitBytes: number) {
  return deadline.stage<{ bytes: number; chunks: Buffer[] }>('reading the body', (done, fail) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (keep) chunks.push(chunk);
      if (bytes > limitBytes) {
        fail(new ProbeFailure('body-too-large', `body of more than ${limitBytes} bytes`));
        message.destroy();
      }
    });
    message.once('end', () => done({ bytes, chunks }));
    message.once('error', fail);
    return () => message.destroy();
  });
}
