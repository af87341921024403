import { connect, constants, type IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import type { Deadline } from '../../deadline.ts';
import { ProbeFailure } from '../../failure.ts';
import type { ProbeReason } from '../../result.ts';

/** A unary call over a connection that is open. */
export interface GrpcCall {
  socket: Socket;
  /** Such as `https://host:port`: the `:scheme` and `:authority` of the request. */
  origin: string;
  path: string;
  headers: Record<string, string>;
  message: Buffer;
  bodyLimitBytes: number;
}

/** How a call ended: HTTP status, and the headers and trailers that hold gRPC's own. */
export interface GrpcEnd {
  httpStatus: number;
  contentType: string;
  /** Null when no status came. */
  status: number | null;
  statusMessage: string;
  body: Buffer;
}

/**
 * Makes one call over HTTP/2.
 * @throws ProbeFailure timeout, reset, protocol, body-too-large.
 */
export function callUnary(call: GrpcCall, deadline: Deadline): Promise<GrpcEnd> {
  const { socket, origin, path, headers, message, bodyLimitBytes } = call;
  return deadline.stage('the call', (done, fail) => {
    const session = connect(origin, { createConnection: () => socket });
    const fault = (error: NodeJS.ErrnoException) => {
      const reason = REASON_BY_CODE[error.code ?? ''];
      fail(reason === undefined ? error : new ProbeFailure(reason, error.message, { cause: error }));
      session.destroy();
    };
    session.on('error', fault);
    session.once('goaway', (code) => {
      if (code !== constants.NGHTTP2_NO_ERROR)
        fault(new ProbeFailure('protocol', `the server ended the session, code ${code}`));
    });
    const stream = session.request(
      { ...headers, ':method': 'POST', ':path': path, te: 'trailers', 'content-type': 'application/grpc' },
      { endStream: false },
    );
    let head: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    let bytes = 0;
    stream.once('response', (received) => {
      head = received;
    });
    stream.once('trailers', (received) => {
      trailers = received;
    });
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > bodyLimitBytes)
        fault(new ProbeFailure('body-too-large', `body of more than ${bodyLimitBytes} bytes`));
    });
    stream.once('error', fault);
    stream.once('aborted', () => fault(new ProbeFailure('reset', 'the server cut the call')));
    // A stream that is cut before its head ends too; its close then tells.
    stream.once('end', () => {
      if (head[':status'] === undefined) return;
      done(endOf(head, trailers, Buffer.concat(chunks)));
      session.destroy();
    });
    stream.once('close', () => fault(new ProbeFailure('reset', 'the connection ended without an answer')));
    stream.end(message);
    return () => session.destroy();
  });
}

/** Errors of Node's HTTP/2 that the server causes. */
const REASON_BY_CODE: Readonly<Record<string, ProbeReason>> = {
  ERR_HTTP2_ERROR: 'protocol',
  ERR_HTTP2_SESSION_ERROR: 'protocol',
  ERR_HTTP2_STREAM_ERROR: 'reset',
  ERR_HTTP2_STREAM_CANCEL: 'reset',
  ERR_HTTP2_GOAWAY_SESSION: 'reset',
};

function endOf(head: IncomingHttpHeaders, trailers: IncomingHttpHeaders, body: Buffer): GrpcEnd {
  // A call that fails at once has its status among the headers.
  const status = trailers['grpc-status'] ?? head['grpc-status'];
  const text = String(trailers['grpc-message'] ?? head['grpc-message'] ?? '');
  return {
    httpStatus: Number(head[':status'] ?? 0),
    contentType: String(head['content-type'] ?? ''),
    status: status === undefined ? null : Number(status),
    statusMessage: decodePercent(text),
    body,
  };
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
