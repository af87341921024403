import type protobuf from 'protobufjs/minimal.js';
import { STALE_MARKER } from './stale.ts';

/** Eight buckets for each doubling: a quantile is off by at most 9 %. */
export const NATIVE_SCHEMA = 3;
/** Shorter durations are counted as none: below what a clock of the system tells apart. */
const ZERO_THRESHOLD_SECONDS = 1e-6;

/**
 * A histogram with exponential buckets (Prometheus's native one): bucket i ends at 2^(i / 2^schema) seconds. Kept as one run of counts
 * from the lowest to the highest bucket seen: some forty numbers for a target whose durations spread over a factor of thirty.
 */
export interface NativeHistogram {
  add(seconds: number): void;
  /** Writes the fields of a `prometheus.Histogram` (prompb/types.proto). */
  encode(writer: protobuf.Writer, timestampMs: number): void;
}

/** An empty histogram. */
export function createNativeHistogram(): NativeHistogram {
  let lowest = 0;
  let counts: number[] = [];
  let zeros = 0;
  let total = 0;
  let sum = 0;
  return {
    add(seconds) {
      total += 1;
      sum += seconds;
      if (seconds <= ZERO_THRESHOLD_SECONDS) {
        zeros += 1;
        return;
      }
      const index = Math.ceil(Math.log2(seconds) * 2 ** NATIVE_SCHEMA);
      if (counts.length === 0) lowest = index;
      if (index < lowest) {
        counts = [...new Array(lowest - index).fill(0), ...counts];
        lowest = index;
      }
      while (counts.length <= index - lowest) counts.push(0);
      counts[index - lowest] = (counts[index - lowest] ?? 0) + 1;
    },
    encode(writer, timestampMs) {
      writer.uint32(tag(1, VARINT)).uint64(total);
      writer.uint32(tag(3, FIXED64)).double(sum);
      writer.uint32(tag(4, VARINT)).sint32(NATIVE_SCHEMA);
      writer.uint32(tag(5, FIXED64)).double(ZERO_THRESHOLD_SECONDS);
      writer.uint32(tag(6, VARINT)).uint64(zeros);
      if (counts.length > 0) {
        // One span: the few empty buckets inside it are cheaper than spans of their own.
        writer.uint32(tag(11, BYTES)).fork();
        writer.uint32(tag(1, VARINT)).sint32(lowest).uint32(tag(2, VARINT)).uint32(counts.length).ldelim();
        // The first count, then the difference of each from the one before.
        writer.uint32(tag(12, BYTES)).fork();
        counts.forEach((count, at) => {
          writer.sint64(count - (counts[at - 1] ?? 0));
        });
        writer.ldelim();
      }
      writer.uint32(tag(15, VARINT)).int64(timestampMs);
    },
  };
}

/** The end of a histogram's series: its sum is the stale marker. */
export function encodeStaleHistogram(writer: protobuf.Writer, timestampMs: number): void {
  writer.uint32(tag(1, VARINT)).uint64(0);
  // Byte by byte: a double that is not a number may lose its bits on the way.
  writer.uint32(tag(3, FIXED64)).fixed64({
    low: STALE_MARKER.readUInt32LE(0),
    high: STALE_MARKER.readUInt32LE(4),
    unsigned: true,
  } as never);
  writer.uint32(tag(4, VARINT)).sint32(NATIVE_SCHEMA);
  writer.uint32(tag(15, VARINT)).int64(timestampMs);
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const tag = (field: number, wireType: number) => (field << 3) | wireType;
