import type { Batch, BatchQueue } from './queue.ts';
import { openSpoolDisk, type SpoolPlace } from './spool-disk.ts';

export interface SpoolOptions {
  /** A folder of its own, made where it is missing. One process at a time: whoever opens it sees to that. */
  dir: string;
  /** Of all segments together. When full, the oldest segment is lost whole. */
  limitBytes: number;
  /** Bodies kept in memory, so that a receiver that keeps up is never served from the disk. */
  memoryBytes?: number;
}

/** A queue that outlives its process. */
export interface Spool extends BatchQueue {
  /** On disk, the taken part of the oldest segment included. */
  readonly bytes: number;
  /** Of the disk, for people; empty when there was none. What cannot be written waits in memory. */
  readonly lastError: string;
}

interface Entry extends Batch {
  body: Uint8Array;
  /** Null until it is on disk. */
  place: SpoolPlace | null;
  gone: boolean;
}

const DEFAULT_MEMORY_BYTES = 16 * 1024 * 1024;
/** So many segments share the limit: what is lost at once when it is full, and how soon space is given back. */
const SEGMENTS = 16;
const MIN_SEGMENT_BYTES = 4 * 1024;
/** Stands for a body that is on disk alone. */
const ON_DISK = new Uint8Array(0);

/**
 * Opens a spool: batches left by an earlier process come first, in their order. Each batch is appended to a segment file as soon as it is
 * pushed, and a cursor beside the segments says how far the sending has come. Nothing is synced to the disk by force: a crash of
 * the process loses what was not yet handed to the system (milliseconds), a power cut also what the system had not yet written
 * (on Linux about thirty seconds). What is half written fails its checksum and is cut off. A cursor that is behind sends a batch twice,
 * which a receiver takes as the samples that it has.
 * @throws Error when the folder cannot be read or written.
 */
export async function openSpool({ dir, limitBytes, memoryBytes = DEFAULT_MEMORY_BYTES }: SpoolOptions): Promise<Spool> {
  const disk = await openSpoolDisk(dir, Math.max(MIN_SEGMENT_BYTES, Math.floor(limitBytes / SEGMENTS)));
  let entries = disk.left.map((place): Entry => ({ body: ON_DISK, samples: place.samples, place, gone: false }));
  let head = 0;
  let samples = entries.reduce((sum, entry) => sum + entry.samples, 0);
  let inMemory = 0;
  /** Lost between two calls of `push`, which tells of it. */
  let lost = 0;
  let readError = '';

  const first = () => entries[head];
  const take = (): number => {
    const entry = first();
    if (entry === undefined) return 0;
    entry.gone = true;
    head += 1;
    samples -= entry.samples;
    inMemory -= entry.body.length;
    if (head > 1_024 || head === entries.length) {
      entries = entries.slice(head);
      head = 0;
    }
    return entry.samples;
  };
  const bytes = () => [...disk.sizes.values()].reduce((sum, size) => sum + size, 0);

  /** Loses the oldest segment where the disk is full, the oldest batch where it takes none; returns the samples lost. */
  const makeRoom = (): number => {
    let dropped = 0;
    while (bytes() > limitBytes && disk.sizes.size > 1) {
      const [oldest = 0] = disk.sizes.keys();
      while ((first()?.place?.segment ?? Number.POSITIVE_INFINITY) <= oldest) dropped += take();
      disk.remove(oldest);
    }
    while (inMemory > 2 * memoryBytes && entries.length - head > 1 && first()?.place === null) dropped += take();
    return dropped;
  };
  const written = (entry: Entry, place: SpoolPlace) => {
    entry.place = place;
    // Taken while it was being written.
    if (entry.gone) disk.taken(place);
    else if (inMemory > memoryBytes && first() !== entry) {
      inMemory -= entry.body.length;
      entry.body = ON_DISK;
    }
    lost += makeRoom();
  };
  const load = (entry: Entry, place: SpoolPlace): boolean => {
    try {
      entry.body = disk.read(place);
      inMemory += entry.body.length;
      return true;
    } catch (error) {
      readError = (error as Error).message;
      return false;
    }
  };

  return {
    push({ body, samples: count }) {
      const entry: Entry = { body, samples: count, place: null, gone: false };
      entries.push(entry);
      samples += count;
      inMemory += body.length;
      disk.append(
        entry,
        () => !entry.gone,
        (place) => written(entry, place),
      );
      const dropped = makeRoom() + lost;
      lost = 0;
      return dropped;
    },
    peek() {
      for (let entry = first(); entry !== undefined; entry = first()) {
        if (entry.body !== ON_DISK || entry.place === null || load(entry, entry.place)) return entry;
        lost += take();
      }
      return undefined;
    },
    shift() {
      const place = first()?.place;
      take();
      if (place === undefined || place === null) return;
      disk.taken(place);
      const next = first()?.place?.segment ?? disk.current;
      for (const segment of [...disk.sizes.keys()]) if (segment < next) disk.remove(segment);
    },
    get samples() {
      return samples;
    },
    get bytes() {
      return bytes();
    },
    get lastError() {
      return readError || disk.lastError;
    },
    async close() {
      await disk.close();
      return entries.slice(head).reduce((sum, entry) => sum + (entry.place === null ? entry.samples : 0), lost);
    },
  };
}
