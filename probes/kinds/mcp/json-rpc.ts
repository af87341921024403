import type { IncomingMessage } from 'node:http';
import type { Deadline } from '../../deadline.ts';
import { ProbeFailure } from '../../failure.ts';
import { createSseParser } from '../../http/sse.ts';
import type { ProbeReason } from '../../result.ts';
import type { Wire } from './wire.ts';

/** A JSON object; what a server sends is looked at field by field, never believed. */
export type Json = Readonly<Record<string, unknown>>;

/** A message to a server. `id` null: a notification, which has no answer. */
export interface RpcRequest {
  id: number | null;
  method: string;
  params: Json;
  headers: Readonly<Record<string, string>>;
}

/** What came back: by HTTP, and in it by JSON-RPC. */
export interface RpcReply {
  status: number;
  /** Of a successful request: null beside an error, or a status other than 2xx. */
  result: Json | null;
  error: RpcError | null;
}

export interface RpcError {
  code: number;
  message: string;
  data: unknown;
}

/** Codes that the protocol defines. */
export const RPC_CODE = {
  parse: -32_700,
  invalidRequest: -32_600,
  unknownMethod: -32_601,
  invalidParams: -32_602,
  internal: -32_603,
  headerMismatch: -32_020,
  missingCapability: -32_021,
  unsupportedVersion: -32_022,
} as const;

/** Why an error of JSON-RPC fails a run. */
const REASON_BY_CODE: Readonly<Record<number, ProbeReason>> = {
  [RPC_CODE.parse]: 'rpc-invalid',
  [RPC_CODE.invalidRequest]: 'rpc-invalid',
  [RPC_CODE.invalidParams]: 'rpc-invalid',
  [RPC_CODE.headerMismatch]: 'rpc-invalid',
  [RPC_CODE.missingCapability]: 'rpc-invalid',
  [RPC_CODE.unknownMethod]: 'rpc-unknown-method',
  [RPC_CODE.internal]: 'rpc-internal',
  [RPC_CODE.unsupportedVersion]: 'unsupported-version',
};

/** How a request is sent and timed. */
export interface RpcSending {
  wire: Wire;
  path: string;
  deadline: Deadline;
  onHead?: (message: IncomingMessage) => void;
  onEnd: (seconds: number) => void;
  mayBeLate?: boolean;
}

/**
 * Sends a message and reads its answer, as JSON or out of a stream of events: other messages on the stream are passed over, and the
 * stream is left as soon as the answer is there.
 * @throws ProbeFailure of the connection, or `protocol` for a stream or body that is no JSON-RPC and yet claims success.
 */
export async function sendRpc({ id, method, params, headers }: RpcRequest, sending: RpcSending): Promise<RpcReply> {
  const { wire, path } = sending;
  const body = JSON.stringify({ jsonrpc: '2.0', ...(id === null ? {} : { id }), method, params });
  const chunks: Buffer[] = [];
  let answer: Json | null = null;
  let streamed = false;
  const parser = createSseParser({
    onEvent({ data }) {
      // An event without data only gives an id, to resume from.
      if (data === '' || answer !== null) return;
      const message = asObject(parseJson(data));
      if (message !== null && message.id === id && ('result' in message || 'error' in message)) answer = message;
    },
  });
  const message = await wire.send(
    {
      method: 'POST',
      path,
      headers: {
        ...headers,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'content-length': String(Buffer.byteLength(body)),
      },
      body,
    },
    {
      ...sending,
      onHead(head) {
        streamed = /^text\/event-stream\b/i.test(head.headers['content-type'] ?? '');
        sending.onHead?.(head);
      },
      onData(chunk) {
        if (!streamed) chunks.push(chunk);
        else parser.push(chunk);
        return answer === null ? undefined : 'enough';
      },
    },
  );
  const status = message.statusCode ?? 0;
  const text = streamed ? '' : Buffer.concat(chunks).toString('utf8');
  const whole: Json | null = answer ?? asObject(parseJson(text));
  const error = errorOf(whole);
  const isGood = status >= 200 && status < 300;
  const result = error === null && isGood ? asObject(whole?.result) : null;
  if (id !== null && isGood && result === null && error === null) {
    throw new ProbeFailure('protocol', describeForeign(method, streamed, text, message));
  }
  return { status, result, error };
}

function describeForeign(method: string, streamed: boolean, text: string, { headers }: IncomingMessage): string {
  if (streamed) return `the stream ended without an answer to ${method}`;
  const type = headers['content-type'] ?? 'no content type';
  return `${method} answered with ${text === '' ? 'an empty body' : `no JSON-RPC result (${type})`}`;
}

function errorOf(message: Json | null): RpcError | null {
  const error = asObject(message?.error);
  if (error === null || typeof error.code !== 'number') return null;
  return { code: error.code, message: String(error.message ?? ''), data: error.data };
}

/** The failure that an error of JSON-RPC is. */
export function rpcFailure(method: string, { code, message }: RpcError): ProbeFailure {
  return new ProbeFailure(REASON_BY_CODE[code] ?? 'rpc-error', `${method}: error ${code}: ${message.slice(0, 200)}`);
}

/** The failure that a status of HTTP is, where another was expected. */
export function statusFailure(what: string, status: number): ProbeFailure {
  const reason = status === 401 || status === 403 ? 'auth' : status >= 300 && status < 400 ? 'redirect' : 'status';
  return new ProbeFailure(reason, `${what} answered with status ${status}`);
}

/** Null for anything but an object. */
export function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** Undefined for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
