import { BUCKET_BYTES, WINDOW_HEAD_BYTES, WINDOWS, type Window, type WindowName } from './windows.ts';

/** One point of a line: the judged runs of a bucket. */
export interface HistoryPoint {
  judged: number;
  good: number;
  /** Mean seconds of the good runs; null without one. */
  meanSeconds: number | null;
}

/** What a window shows. */
export interface HistoryWindow {
  judged: number;
  good: number;
  /** Oldest first, one a bucket; the last one is under way. */
  points: HistoryPoint[];
}

/** Typed views over memory that holds records, each `RECORD_BYTES` long. */
export interface RecordViews {
  f64: Float64Array;
  u16: Uint16Array;
  f32: Float32Array;
}

/** Largest count that a bucket holds. */
const MAX_COUNT = 65_535;

/** Adds a judged run to all windows of the record at `offset` bytes. A run older than a window's ring is left out of it. */
export function addRun(views: RecordViews, offset: number, atMs: number, good: boolean, seconds: number): void {
  let start = offset;
  for (const window of WINDOWS) {
    const number = Math.floor(atMs / window.bucketMs);
    if (advance(views, start, window, number)) {
      const at = bucketOffset(start, window, number);
      if ((views.u16[at / 2 + 1] as number) === MAX_COUNT) halve(views, at);
      (views.u16[at / 2 + 1] as number) += 1;
      if (good) {
        (views.u16[at / 2] as number) += 1;
        (views.f32[at / 4 + 1] as number) += seconds;
      }
    }
    start += sizeOf(window);
  }
}

/** What a window shows at a time. */
export function readWindow(views: RecordViews, offset: number, name: WindowName, nowMs: number): HistoryWindow {
  let start = offset;
  for (const window of WINDOWS) {
    if (window.name === name) return readRing(views, start, window, Math.floor(nowMs / window.bucketMs));
    start += sizeOf(window);
  }
  throw new RangeError(`no window ${name}`);
}

function readRing(views: RecordViews, start: number, window: Window, newest: number): HistoryWindow {
  const stored = views.f64[start / 8] as number;
  const points: HistoryPoint[] = [];
  let judged = 0;
  let good = 0;
  for (let number = newest - window.buckets + 1; number <= newest; number += 1) {
    const known = number <= stored && number > stored - window.buckets;
    const at = bucketOffset(start, window, number);
    const point = {
      judged: known ? (views.u16[at / 2 + 1] as number) : 0,
      good: known ? (views.u16[at / 2] as number) : 0,
    };
    points.push({ ...point, meanSeconds: point.good === 0 ? null : (views.f32[at / 4 + 1] as number) / point.good });
    judged += point.judged;
    good += point.good;
  }
  return { judged, good, points };
}

/** Makes `number` a bucket of the ring; buckets that were passed over are emptied. False when it lies before the ring. */
function advance(views: RecordViews, start: number, window: Window, number: number): boolean {
  const stored = views.f64[start / 8] as number;
  if (number <= stored) return number > stored - window.buckets;
  const first = Math.max(stored + 1, number - window.buckets + 1);
  for (let passed = first; passed <= number; passed += 1) {
    const at = bucketOffset(start, window, passed);
    views.u16[at / 2] = 0;
    views.u16[at / 2 + 1] = 0;
    views.f32[at / 4 + 1] = 0;
  }
  views.f64[start / 8] = number;
  return true;
}

/** Keeps the share of a bucket that is full. */
function halve(views: RecordViews, at: number): void {
  (views.u16[at / 2] as number) >>= 1;
  (views.u16[at / 2 + 1] as number) >>= 1;
  (views.f32[at / 4 + 1] as number) /= 2;
}

function bucketOffset(start: number, { buckets }: Window, number: number): number {
  return start + WINDOW_HEAD_BYTES + (((number % buckets) + buckets) % buckets) * BUCKET_BYTES;
}

function sizeOf({ buckets }: Window): number {
  return WINDOW_HEAD_BYTES + buckets * BUCKET_BYTES;
}
