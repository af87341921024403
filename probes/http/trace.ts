import { randomFillSync } from 'node:crypto';

/** A trace that a probe begins, so that what its request did inside the service can be found. */
export interface Trace {
  /** Thirty-two hexadecimal digits. */
  id: string;
  /** The header `traceparent` (W3C Trace Context, level 1), marked as recorded. */
  traceparent: string;
}

/** A trace of its own for each request. */
export function beginTrace(): Trace {
  const bytes = randomFillSync(Buffer.alloc(24));
  const id = bytes.toString('hex', 0, 16);
  return { id, traceparent: `00-${id}-${bytes.toString('hex', 16)}-01` };
}
