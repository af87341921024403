import { closeSync, openSync, readSync } from 'node:fs';
import { constants, type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Batch } from './queue.ts';
import {
  RECORD_HEAD_BYTES,
  readCursor,
  readRecords,
  recordHead,
  type SpoolRecord,
  writeCursor,
} from './spool-record.ts';

/** Where a batch lies on disk. */
export interface SpoolPlace extends SpoolRecord {
  segment: number;
}

/** The files of a spool: segments that are only appended to, and a cursor. Work is done one after the other, in the order asked for. */
export interface SpoolDisk {
  /** What an earlier process left unsent, oldest first. */
  readonly left: readonly SpoolPlace[];
  /** Bytes of each segment on disk, oldest first. */
  readonly sizes: ReadonlyMap<number, number>;
  /** The segment being written. */
  readonly current: number;
  /** Appends a batch when its turn comes, unless `wanted` then says no. */
  append(batch: Batch, wanted: () => boolean, done: (place: SpoolPlace) => void): void;
  /** @throws Error when the disk does not give it back. */
  read(place: SpoolPlace): Uint8Array;
  /** Says that everything up to the end of this batch was taken. */
  taken(place: SpoolPlace): void;
  remove(segment: number): void;
  /** Of work that was not asked to return anything; empty when there was none. */
  readonly lastError: string;
  close(): Promise<void>;
}

/**
 * Opens the files of a spool.
 * @param segmentBytes a segment of this size is followed by a new one.
 * @throws Error when the folder cannot be read or written.
 */
export async function openSpoolDisk(dir: string, segmentBytes: number): Promise<SpoolDisk> {
  await mkdir(dir, { recursive: true });
  const fileOf = (segment: number) => join(dir, `${String(segment).padStart(12, '0')}.segment`);
  const cursorFile = await open(join(dir, 'cursor'), constants.O_RDWR | constants.O_CREAT, 0o600);
  const cursor = readCursor(await cursorFile.readFile());
  const sizes = new Map<number, number>();
  const left: SpoolPlace[] = [];
  let lastError = '';
  let last = cursor.segment;
  for (const segment of await segmentsIn(dir)) {
    last = Math.max(last, segment);
    const { records, wholeBytes } = readRecords(await readFile(fileOf(segment)));
    const waiting = records.filter(
      ({ offset }) => segment > cursor.segment || (segment === cursor.segment && offset > cursor.offset),
    );
    if (waiting.length === 0) {
      await rm(fileOf(segment), { force: true });
      continue;
    }
    sizes.set(segment, wholeBytes);
    for (const record of waiting) left.push({ ...record, segment });
  }

  // Never appended to what an earlier process left: its end may be torn.
  let current = last + 1;
  let file: FileHandle | null = null;
  let tail: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<unknown>) => {
    tail = tail.then(work).catch((error: Error) => {
      lastError = error.message;
    });
  };
  const segmentFile = async () => {
    if (file !== null && (sizes.get(current) ?? 0) >= segmentBytes) {
      await file.close();
      file = null;
      current += 1;
    }
    file ??= await open(fileOf(current), 'w', 0o600);
    return file;
  };

  return {
    left,
    sizes,
    get current() {
      return current;
    },
    append(batch, wanted, done) {
      inTurn(async () => {
        if (!wanted()) return;
        const segment = await segmentFile();
        const at = sizes.get(current) ?? 0;
        const head = recordHead(batch);
        const { length } = batch.body;
        await segment.write(Buffer.concat([head, batch.body]), 0, RECORD_HEAD_BYTES + length, at);
        sizes.set(current, at + RECORD_HEAD_BYTES + length);
        done({ segment: current, offset: at + RECORD_HEAD_BYTES, length, samples: batch.samples });
      });
    },
    read: (place) => readBody(fileOf(place.segment), place),
    taken({ segment, offset }) {
      inTurn(() => cursorFile.write(writeCursor({ segment, offset }), 0, null, 0));
    },
    remove(segment) {
      sizes.delete(segment);
      inTurn(() => rm(fileOf(segment), { force: true }));
    },
    get lastError() {
      return lastError;
    },
    async close() {
      // What is done last may ask for more.
      for (let seen: unknown; seen !== tail; ) {
        seen = tail;
        await tail;
      }
      await file?.close();
      await cursorFile.close();
    },
  };
}

async function segmentsIn(dir: string): Promise<number[]> {
  const names = (await readdir(dir)).filter((name) => /^\d+\.segment$/.test(name));
  return names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b);
}

function readBody(path: string, { offset, length }: SpoolRecord): Uint8Array {
  const body = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, body, 0, length, offset) !== length) throw new Error(`${path} has become shorter`);
    return body;
  } finally {
    closeSync(file);
  }
}
