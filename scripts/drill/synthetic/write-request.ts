import { STALE_MARKER } from '../../../probes/delivery/stale.ts';
import { encodeLabels, TIMESTAMP_BYTES, writeTimestamp, writeVarint } from '../../../probes/delivery/wire.ts';

/** A series with its samples in the order of time; Unix milliseconds. */
export interface PlayedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: Iterable<readonly [wallMs: number, value: number | 'stale']>;
}

/** Tag and length, a double and a timestamp with a tag each. */
const SAMPLE_BYTES = 2 + 1 + 8 + 1 + TIMESTAMP_BYTES;
const REQUEST_BYTES = 1024 * 1024;
/** Samples of one series in a request; more go into a further one. */
const SAMPLES_AT_ONCE = 20_000;

/** `prometheus.WriteRequest` messages of remote write 0.1.0, about a megabyte each, with whole runs of samples behind the labels of each series. */
export function* writeRequests(series: Iterable<PlayedSeries>): Generator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for (const { labels, samples } of series) {
    const head = encodeLabels(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    for (const run of runs(samples)) {
      const part = encodeSeries(head, run);
      parts.push(part);
      bytes += part.length;
      if (bytes < REQUEST_BYTES) continue;
      yield Buffer.concat(parts);
      parts = [];
      bytes = 0;
    }
  }
  if (bytes > 0) yield Buffer.concat(parts);
}

function* runs(samples: PlayedSeries['samples']): Generator<(readonly [number, number | 'stale'])[]> {
  let run: (readonly [number, number | 'stale'])[] = [];
  for (const sample of samples) {
    run.push(sample);
    if (run.length < SAMPLES_AT_ONCE) continue;
    yield run;
    run = [];
  }
  if (run.length > 0) yield run;
}

function encodeSeries(head: Uint8Array, samples: readonly (readonly [number, number | 'stale'])[]): Uint8Array {
  const body = head.length + samples.length * SAMPLE_BYTES;
  // Tag, length of up to five bytes, body.
  const bytes = Buffer.allocUnsafe(body + 6);
  let at = 0;
  bytes[at++] = 0x0a;
  at = writeVarint(bytes, at, body);
  bytes.set(head, at);
  at += head.length;
  for (const [wallMs, value] of samples) {
    bytes[at++] = 0x12;
    bytes[at++] = SAMPLE_BYTES - 2;
    bytes[at++] = 0x09;
    if (value === 'stale') bytes.set(STALE_MARKER, at);
    else bytes.writeDoubleLE(value, at);
    at += 8;
    bytes[at++] = 0x10;
    at = writeTimestamp(bytes, at, Math.round(wallMs));
  }
  return bytes.subarray(0, at);
}
