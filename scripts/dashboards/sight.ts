import type { Labels } from '../stack/prometheus-api.ts';

/** What a query gave: values by series, oldest first. */
export type Course = ReadonlyMap<string, readonly number[]>;

export type Sight = 'data' | 'only NaN' | 'empty';

/** Fewer points than this say nothing about how much a series varies by itself. */
const MIN_POINTS = 3;
/** A change must be larger than this share of what the series usually is. */
const NOTABLE = 0.05;
/** So many values in a row outside all earlier ones are no chance any more. */
const IN_A_ROW = 4;

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
 * How a query moved, in words, or null when it did not: a series came or went; its value now lies further outside all earlier ones than they
 * lie apart, and by 5 %; or its latest four all lie outside by 5 %.
 * @param recent The latest values, oldest first; they may reach back to before.
 */
export function movement(before: Course, now: Course, recent: Course = new Map()): string | null {
  for (const [key, values] of now) {
    const known = before.get(key)?.filter(Number.isFinite) ?? [];
    const last = values.filter(Number.isFinite).at(-1);
    if (last === undefined) continue;
    if (known.length === 0) return `${name(key)} came with ${figure(last)}`;
    if (known.length < MIN_POINTS) continue;
    const [least, most] = [Math.min(...known), Math.max(...known)];
    const notable = NOTABLE * Math.max(Math.abs(least), Math.abs(most));
    const margin = Math.max(most - least, notable);
    const row = recent.get(key)?.filter(Number.isFinite).slice(-IN_A_ROW) ?? [];
    const all = (outside: (value: number) => boolean) => row.length === IN_A_ROW && row.every(outside);
    if (last > most + margin || all((value) => value > most + notable)) {
      return `${name(key)} rose from at most ${figure(most)} to ${figure(last)}`;
    }
    if (last < least - margin || all((value) => value < least - notable)) {
      return `${name(key)} fell from at least ${figure(least)} to ${figure(last)}`;
    }
  }
  for (const [key, values] of before) {
    if (values.filter(Number.isFinite).length < MIN_POINTS) continue;
    if (now.get(key)?.some(Number.isFinite) !== true) return `${name(key)} went`;
  }
  return null;
}

function name(key: string): string {
  return key === '' ? 'it' : `{${key}}`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
