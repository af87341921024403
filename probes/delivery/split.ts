import { compressSync, uncompressSync } from 'snappy';
import type { Batch } from './queue.ts';

/** Field 1 of a WriteRequest, a TimeSeries: its tag on the wire. */
const TIME_SERIES = 0x0a;

/** The two halves of a batch, by series; null when it holds just one. Each of our series holds one sample. */
export function splitBatch({ body }: Batch): [Batch, Batch] | null {
  const request = uncompressSync(Buffer.from(body)) as Buffer;
  const starts: number[] = [];
  for (let at = 0; at < request.length && request[at] === TIME_SERIES; ) {
    starts.push(at);
    let length = 0;
    let shift = 0;
    at += 1;
    for (let more = true; more; shift += 7) {
      const byte = request[at++] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
      more = byte > 0x7f;
    }
    at += length;
  }
  const middle = starts.length >> 1;
  const cut = starts[middle];
  if (cut === undefined || cut === 0) return null;
  return [
    { body: compressSync(request.subarray(0, cut)), samples: middle },
    { body: compressSync(request.subarray(cut)), samples: starts.length - middle },
  ];
}
