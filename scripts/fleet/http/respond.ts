import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReadyAnswer } from './answer.ts';

/** Largest request body that a simulated service takes. */
const MAX_BODY_BYTES = 1_048_576;

/** Sends an answer; a HEAD request gets its headers alone. */
export function send(req: IncomingMessage, res: ServerResponse, { status, headers, body }: ReadyAnswer): void {
  if (res.destroyed || res.headersSent) return;
  res.writeHead(status, headers);
  if (req.method === 'HEAD') res.end();
  else res.end(body);
}

/** True once the client cannot get an answer any more. */
export function isGone(res: ServerResponse): boolean {
  return res.destroyed || res.socket === null || res.socket.destroyed;
}

/** True when the announced body is larger than a service takes. */
export function isTooLarge(req: IncomingMessage): boolean {
  return Number(req.headers['content-length'] ?? 0) > MAX_BODY_BYTES;
}

/** The request's body as text, or null when it is too large or the client went away. */
export function readBody(req: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) resolve(null);
      else chunks.push(chunk);
    });
    req.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    req.once('close', () => resolve(null));
  });
}
