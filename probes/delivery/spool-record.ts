import { crc32 } from 'node:zlib';
import type { Batch } from './queue.ts';

/** Bytes before each record: length of the body, its samples, and a checksum over both and the body; 32 bits each, little endian. */
export const RECORD_HEAD_BYTES = 12;

/** Larger than any batch that is ever sealed: a length above it is no length. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Where a record lies in its segment, and what it holds. */
export interface SpoolRecord {
  /** Of the body. */
  offset: number;
  length: number;
  samples: number;
}

/** The head of a record; the body follows it. */
export function recordHead({ body, samples }: Batch): Buffer {
  const head = Buffer.alloc(RECORD_HEAD_BYTES);
  head.writeUInt32LE(body.length, 0);
  head.writeUInt32LE(samples, 4);
  head.writeUInt32LE(crc32(body, crc32(head.subarray(0, 8))), 8);
  return head;
}

/**
 * The whole records of a segment up to the first that is none: what a crash left half written ends it.
 * @param wholeBytes length of the sound part.
 */
export function readRecords(segment: Buffer): { records: SpoolRecord[]; wholeBytes: number } {
  const records: SpoolRecord[] = [];
  let at = 0;
  while (at + RECORD_HEAD_BYTES <= segment.length) {
    const length = segment.readUInt32LE(at);
    const samples = segment.readUInt32LE(at + 4);
    const offset = at + RECORD_HEAD_BYTES;
    const end = offset + length;
    // A hole of zeros, as some file systems leave it after a power cut, has a length of none.
    if (length === 0 || length > MAX_BODY_BYTES || end > segment.length) break;
    const sum = crc32(segment.subarray(offset, end), crc32(segment.subarray(at, at + 8)));
    if (sum !== segment.readUInt32LE(at + 8)) break;
    records.push({ offset, length, samples });
    at = end;
  }
  return { records, wholeBytes: at };
}

/** How far the sending has come: everything before this place was taken. */
export interface SpoolCursor {
  segment: number;
  /** End of the last record taken. */
  offset: number;
}

/** Bytes of a cursor: two numbers and their checksum. */
const CURSOR_BYTES = 20;

/** The cursor as it stands in its file. */
export function writeCursor({ segment, offset }: SpoolCursor): Buffer {
  const bytes = Buffer.alloc(CURSOR_BYTES);
  bytes.writeDoubleLE(segment, 0);
  bytes.writeDoubleLE(offset, 8);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 16)), 16);
  return bytes;
}

/** The cursor, or the start of everything when there is none to be trusted: then some batches are sent twice, and none is lost. */
export function readCursor(bytes: Buffer | null): SpoolCursor {
  const start = { segment: 0, offset: 0 };
  if (bytes?.length !== CURSOR_BYTES || crc32(bytes.subarray(0, 16)) !== bytes.readUInt32LE(16)) return start;
  return { segment: bytes.readDoubleLE(0), offset: bytes.readDoubleLE(8) };
}
