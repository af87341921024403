import { addRun, type HistoryWindow, type RecordViews, readWindow } from './record.ts';
import { RECORD_BYTES, type WindowName } from './windows.ts';

/** Judged runs of every target over an hour, a day and thirty days, at 2.2 kB a target. */
export interface History {
  /** Adds a judged run. Runs that could not be judged and those in maintenance are not told. */
  add(id: string, run: { atMs: number; good: boolean; seconds: number }): void;
  read(id: string, window: WindowName, nowMs: number): HistoryWindow;
  /** Forgets a target; its place is given to the next new one. */
  remove(id: string): void;
  ids(): Iterable<string>;
  /** False for a target that never ran. */
  has(id: string): boolean;
  /** Copies a target's record to the beginning of `into`, for keeping; zeros where nothing is known of it. */
  copy(id: string, into: Uint8Array): void;
  /** Puts a kept record back. Replaces what is known of the target. */
  restore(id: string, record: Uint8Array): void;
}

const RECORDS_A_PAGE = 256;
const EMPTY = new Uint8Array(RECORD_BYTES);

/** A history without runs. Records lie side by side in pages: ten thousand small objects would cost more than they hold. */
export function createHistory(): History {
  const pages: (RecordViews & { bytes: Uint8Array })[] = [];
  const slots = new Map<string, number>();
  const free: number[] = [];
  let used = 0;

  const place = (slot: number) => {
    const number = Math.floor(slot / RECORDS_A_PAGE);
    let page = pages[number];
    if (page === undefined) {
      const buffer = new ArrayBuffer(RECORDS_A_PAGE * RECORD_BYTES);
      page = {
        bytes: new Uint8Array(buffer),
        f64: new Float64Array(buffer),
        u16: new Uint16Array(buffer),
        f32: new Float32Array(buffer),
      };
      pages[number] = page;
    }
    return { page, offset: (slot % RECORDS_A_PAGE) * RECORD_BYTES };
  };
  const slotOf = (id: string) => {
    let slot = slots.get(id);
    if (slot === undefined) {
      slot = free.pop() ?? used++;
      slots.set(id, slot);
      const { page, offset } = place(slot);
      page.bytes.set(EMPTY, offset);
    }
    return slot;
  };

  return {
    add(id, { atMs, good, seconds }) {
      const { page, offset } = place(slotOf(id));
      addRun(page, offset, atMs, good, seconds);
    },
    read(id, window, nowMs) {
      const slot = slots.get(id);
      if (slot === undefined) return { judged: 0, good: 0, points: [] };
      const { page, offset } = place(slot);
      return readWindow(page, offset, window, nowMs);
    },
    remove(id) {
      const slot = slots.get(id);
      if (slot === undefined) return;
      slots.delete(id);
      free.push(slot);
    },
    ids: () => slots.keys(),
    has: (id) => slots.has(id),
    copy(id, into) {
      const slot = slots.get(id);
      if (slot === undefined) {
        into.set(EMPTY);
        return;
      }
      const { page, offset } = place(slot);
      into.set(page.bytes.subarray(offset, offset + RECORD_BYTES));
    },
    restore(id, record) {
      if (record.length !== RECORD_BYTES)
        throw new RangeError(`a record has ${RECORD_BYTES} bytes, not ${record.length}`);
      const { page, offset } = place(slotOf(id));
      page.bytes.set(record, offset);
    },
  };
}
