import type { Matcher } from '../../promql/ast.ts';
import type { Segment, WitnessSeries } from '../witness/types.ts';

/** A series under other labels; an empty value takes the label away. */
export function relabelled(series: WitnessSeries, labels: Readonly<Record<string, string>>): WitnessSeries {
  const merged = Object.entries({ ...series.labels, ...labels }).filter(([, value]) => value !== '');
  return { ...series, labels: Object.fromEntries(merged) };
}

/** A series with other values, and other slopes where that is asked; gaps stay. */
export function mapped(
  series: WitnessSeries,
  value: (value: number) => number,
  slope: (slopePerSecond: number) => number = (same) => same,
): WitnessSeries {
  return {
    ...series,
    segments: series.segments.map((segment) => ({
      ...segment,
      value: segment.value === null ? null : value(segment.value),
      slopePerSecond: slope(segment.slopePerSecond),
    })),
  };
}

/** The least time that two intervals divide. */
export function commonStep(aMs: number, bMs: number): number {
  const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));
  return (aMs / divisor(aMs, bMs)) * bMs;
}

/** Which series a set of labels is. */
export function seriesKey({ labels }: Pick<WitnessSeries, 'labels'>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Two sets as one; of two series with the same labels the first stays. */
export function union(...sets: readonly (readonly WitnessSeries[])[]): WitnessSeries[] {
  const all = new Map<string, WitnessSeries>();
  for (const series of sets.flat()) {
    const key = seriesKey(series);
    if (!all.has(key)) all.set(key, series);
  }
  return [...all.values()];
}

/** The series of two sets that have the same labels, and do something else in each. */
export function differing(
  from: readonly WitnessSeries[],
  to: readonly WitnessSeries[],
): { from: WitnessSeries; to: WitnessSeries }[] {
  const byKey = new Map(to.map((series) => [seriesKey(series), series]));
  return from.flatMap((series) => {
    const other = byKey.get(seriesKey(series));
    const same = other === undefined || JSON.stringify(other.segments) === JSON.stringify(series.segments);
    return same ? [] : [{ from: series, to: other }];
  });
}

/** A series part of the way from one to another that has the same pieces; null where they have not. */
export function between(from: WitnessSeries, to: WitnessSeries, share: number): WitnessSeries | null {
  if (from.segments.length !== to.segments.length) return null;
  const segments: Segment[] = [];
  for (const [index, a] of from.segments.entries()) {
    const b = to.segments[index] as Segment;
    if (a.fromMs !== b.fromMs || (a.value === null) !== (b.value === null)) return null;
    const mix = (x: number, y: number) => x + (y - x) * share;
    segments.push({
      ...b,
      value: a.value === null || b.value === null ? null : mix(a.value, b.value),
      slopePerSecond: mix(a.slopePerSecond, b.slopePerSecond),
    });
  }
  return { ...to, segments };
}

/** A set of series with some of them in the place of those with the same labels. */
export function withReplaced(set: readonly WitnessSeries[], replacements: readonly WitnessSeries[]): WitnessSeries[] {
  const byKey = new Map(replacements.map((series) => [seriesKey(series), series]));
  return set.map((series) => byKey.get(seriesKey(series)) ?? series);
}

/**
 * First one life, then another: until `atMs` as in `before`, from there on as in `after`. What grows steadily goes on from where it stands; what
 * holds a value jumps.
 */
export function joined(before: WitnessSeries, after: WitnessSeries, atMs: number, intervalMs: number): WitnessSeries {
  const lead = before.segments.filter(({ fromMs }) => fromMs < atMs);
  const last = lead.at(-1);
  const [first, ...rest] = after.segments;
  if (last === undefined || first === undefined) return after;
  const reached =
    last.value === null ? null : last.value + (last.slopePerSecond * (atMs - intervalMs - last.fromMs)) / 1_000;
  const grows = first.slopePerSecond !== 0 || last.slopePerSecond !== 0;
  const start =
    first.value === null || reached === null || !grows
      ? first.value
      : reached + (first.slopePerSecond * intervalMs) / 1_000;
  const shift = (start ?? 0) - (first.value ?? 0);
  return {
    ...after,
    segments: [
      ...lead,
      { ...first, fromMs: atMs, value: start },
      ...rest.map((segment) => ({
        ...segment,
        fromMs: segment.fromMs + atMs,
        value: segment.value === null ? null : grows ? segment.value + shift : segment.value,
      })),
    ],
  };
}

/** Whether a matcher lets a label value pass, as Prometheus reads it: patterns are anchored. */
export function lets({ op, value }: Pick<Matcher, 'op' | 'value'>, actual: string): boolean {
  if (op === '=') return actual === value;
  if (op === '!=') return actual !== value;
  let matches = false;
  try {
    matches = new RegExp(`^(?:${value})$`, 's').test(actual);
  } catch {
    return true;
  }
  return op === '=~' ? matches : !matches;
}
