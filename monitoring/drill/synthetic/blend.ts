import type { Segment, WitnessSeries } from '../../audit/witness/types.ts';

/** The fault is there from `onMs` until before `offMs` (witness time); null: for good. */
export interface FaultSpan {
  readonly onMs: number;
  readonly offMs: number | null;
}

/**
 * Healthy series, then the faulty ones, then the healthy ones again. A series that only one of both has comes and goes with it. Counters
 * go on where they were: a fault is no restart.
 */
export function blend(
  healthy: readonly WitnessSeries[],
  faulty: readonly WitnessSeries[],
  { onMs, offMs }: FaultSpan,
  isCounter: (labels: WitnessSeries['labels']) => boolean,
): WitnessSeries[] {
  const calm = new Map(healthy.map((series) => [keyOf(series), series]));
  const wrong = new Map(faulty.map((series) => [keyOf(series), series]));
  return [...new Set([...wrong.keys(), ...calm.keys()])].map((key) => {
    const [during, otherwise] = [wrong.get(key), calm.get(key)];
    const labels = during?.labels ?? otherwise?.labels ?? {};
    const joined = [
      ...cut(otherwise?.segments, 0, onMs),
      ...cut(during?.segments, onMs, offMs ?? Number.POSITIVE_INFINITY),
      ...(offMs === null ? [] : cut(otherwise?.segments, offMs, Number.POSITIVE_INFINITY)),
    ];
    return { labels, segments: isCounter(labels) ? continuous(joined) : joined };
  });
}

/** A series by its labels. */
export function keyOf({ labels }: Pick<WitnessSeries, 'labels'>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const GAP = { value: null, slopePerSecond: 0 } as const;

function cut(segments: readonly Segment[] | undefined, fromMs: number, toMs: number): Segment[] {
  if (toMs <= fromMs) return [];
  const first = segments?.findLast((segment) => segment.fromMs <= fromMs);
  if (segments === undefined || first === undefined) return [{ fromMs, ...GAP }];
  const value = first.value === null ? null : valueAt(first, first.value, fromMs);
  return [{ ...first, fromMs, value }, ...segments.filter((each) => each.fromMs > fromMs && each.fromMs < toMs)];
}

function valueAt({ slopePerSecond, fromMs }: Segment, value: number, atMs: number): number {
  return value + (slopePerSecond * (atMs - fromMs)) / 1_000;
}

/** The pieces moved so that each begins where the one before it ended. */
function continuous(segments: readonly Segment[]): Segment[] {
  const moved: Segment[] = [];
  for (const segment of segments) {
    const before = moved.at(-1);
    const follows = before !== undefined && before.value !== null && segment.value !== null;
    moved.push(follows ? { ...segment, value: valueAt(before, before.value ?? 0, segment.fromMs) } : segment);
  }
  return moved;
}
