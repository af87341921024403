import { Agent, request } from 'undici';
import { createRedactor } from '../redact.ts';
import type { DropReason } from './sink.ts';

/** How the receiver answered a batch. */
export type PostResult =
  | { kind: 'accepted' }
  /** Worth another try: 5xx, 429, no answer in time, no connection. */
  | { kind: 'retry'; error: string; afterMs: number | null }
  /** It will never be taken as it is; a part of it may be. */
  | { kind: 'refused'; error: string; reason: RefusalReason };

export type RefusalReason = Exclude<DropReason, 'queue-full' | 'stopped'>;

/** Sends one compressed WriteRequest. */
export interface Poster {
  post(body: Uint8Array, signal: AbortSignal): Promise<PostResult>;
  close(): Promise<void>;
}

/** Headers of remote write 0.1.0 (prometheus.io/docs/specs/prw/remote_write_spec). */
const HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
  'user-agent': 'firedrill',
} as const;

/** A poster over one kept connection. `timeoutMs` bounds each attempt. Credentials in the address become a header, and appear in no error. */
export function createPoster(
  address: string,
  timeoutMs: number,
  given: () => Readonly<Record<string, string>> = () => ({}),
): Poster {
  const { url, credentials } = withoutCredentials(address);
  // A receiver may send back what it was sent.
  const { note, redact } = createRedactor();
  const agent = new Agent({ connections: 1, pipelining: 1 });
  return {
    async post(body, signal) {
      try {
        const headers = { ...credentials, ...given() };
        if (headers.authorization !== undefined) note(headers.authorization.replace(/^\S+ /, ''));
        const {
          statusCode,
          headers: received,
          body: answer,
        } = await request(url, {
          method: 'POST',
          dispatcher: agent,
          headers: { ...headers, ...HEADERS },
          body,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        const text = redact((await answer.text()).trim().slice(0, 300));
        if (statusCode < 300) return { kind: 'accepted' };
        const error = `${url} answered ${statusCode}: ${text}`;
        if (statusCode < 500 && statusCode !== 429) return { kind: 'refused', error, reason: refusalReason(text) };
        return { kind: 'retry', error, afterMs: retryAfterMs(received['retry-after']) };
      } catch (cause) {
        const { code, message } = cause as { code?: string; message: string };
        return { kind: 'retry', error: `${url}: ${code ?? message}`, afterMs: null };
      }
    },
    close: () => agent.destroy(),
  };
}

function withoutCredentials(address: string): { url: string; credentials: Readonly<Record<string, string>> } {
  const url = new URL(address);
  const { username, password } = url;
  if (username === '' && password === '') return { url: address, credentials: {} };
  url.username = '';
  url.password = '';
  const credential = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = `Basic ${Buffer.from(credential).toString('base64')}`;
  return { url: url.href, credentials: { authorization } };
}

/** What Prometheus's storage says of a sample (storage/interface.go), the same from 2.42 to 3.x. */
function refusalReason(text: string): RefusalReason {
  if (/out of order/i.test(text)) return 'out-of-order';
  if (/duplicate sample/i.test(text)) return 'duplicate';
  if (/out of bounds|too old/i.test(text)) return 'too-old';
  return 'refused';
}

function retryAfterMs(header: string | string[] | undefined): number | null {
  const seconds = Number(header);
  return header === undefined || Number.isNaN(seconds) ? null : seconds * 1_000;
}
