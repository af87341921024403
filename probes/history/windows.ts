/** How far back a figure looks. */
export type WindowName = 'hour' | 'day' | 'month';

/** A ring of buckets: how many, and how long each is. */
export interface Window {
  name: WindowName;
  bucketMs: number;
  buckets: number;
}

const MINUTE_MS = 60_000;

/** One hour by the minute, a day by the quarter of an hour, thirty days by six hours. */
export const WINDOWS: readonly Window[] = [
  { name: 'hour', bucketMs: MINUTE_MS, buckets: 60 },
  { name: 'day', bucketMs: 15 * MINUTE_MS, buckets: 96 },
  { name: 'month', bucketMs: 6 * 60 * MINUTE_MS, buckets: 120 },
];

/** Bytes of a bucket: good and judged runs (16 bits each), seconds of the good ones (a 32-bit float). */
export const BUCKET_BYTES = 8;

/** Bytes before the buckets of a window: the number of its newest bucket, a 64-bit float. */
export const WINDOW_HEAD_BYTES = 8;

/** Bytes of everything that is remembered of one target. */
export const RECORD_BYTES = WINDOWS.reduce((sum, { buckets }) => sum + WINDOW_HEAD_BYTES + buckets * BUCKET_BYTES, 0);
