import type { Labels } from '../stack/prometheus-api.ts';

/** What a query gave: values by series, oldest first. */
export type Course = ReadonlyMap<string, readonly number[]>;

export type Sight = 'data' | 'only NaN' | 'empty';

/** Fewer points than this say nothing about how much a series varies by itself. */
const MIN_POINTS = 3;
/** A change must be larger than this share of what the series usually is. */
const NOTABLE = 0.15;

export function seriesKey(labels: Labels): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

/** Whether there is anything to draw. */
export function sightOf(values: readonly number[]): Sight {
  if (values.length === 0) return 'empty';
  return values.every(Number.isNaN) ? 'only NaN' : 'data';
}

/**
 * How a query moved between two times, in words, or null when it did not: a series came or went, or stands outside all that it was before
 * by more than it varied then and by more than 15 %.
 */
export function movement(before: Course, after: Course): string | null {
  for (const [key, values] of after) {
    const known = before.get(key)?.filter(Number.isFinite) ?? [];
    const last = values.filter(Number.isFinite).at(-1);
    if (last === undefined) continue;
    if (known.length === 0) return `${name(key)} came with ${figure(last)}`;
    if (known.length < MIN_POINTS) continue;
    const [least, most] = [Math.min(...known), Math.max(...known)];
    const margin = Math.max(most - least, NOTABLE * Math.max(Math.abs(least), Math.abs(most)));
    if (last > most + margin) return `${name(key)} rose from at most ${figure(most)} to ${figure(last)}`;
    if (last < least - margin) return `${name(key)} fell from at least ${figure(least)} to ${figure(last)}`;
    // A share or a count that drops to nothing cannot fall below its margin.
    if (last === 0 && least > 0 && least >= most / 3) return `${name(key)} fell from at least ${figure(least)} to 0`;
  }
  for (const [key, values] of before) {
    if (values.filter(Number.isFinite).length < MIN_POINTS) continue;
    if (after.get(key)?.some(Number.isFinite) !== true) return `${name(key)} went`;
  }
  return null;
}

function name(key: string): string {
  return key === '' ? 'it' : `{${key}}`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
