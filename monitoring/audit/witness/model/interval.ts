import type { ComparisonOperator } from '../../../promql/ast.ts';

/** The numbers from `lo` to `hi`, without an end that is open. */
export interface Interval {
  readonly lo: number;
  readonly hi: number;
  readonly loOpen: boolean;
  readonly hiOpen: boolean;
}

export const ANY: Interval = { lo: -Infinity, hi: Infinity, loOpen: false, hiOpen: false };

export function point(value: number): Interval {
  return { lo: value, hi: value, loOpen: false, hiOpen: false };
}

export function between(lo: number, hi: number): Interval {
  return { lo, hi, loOpen: false, hiOpen: false };
}

export function isEmpty({ lo, hi, loOpen, hiOpen }: Interval): boolean {
  return !(lo < hi || (lo === hi && !loOpen && !hiOpen));
}

export function contains({ lo, hi, loOpen, hiOpen }: Interval, value: number): boolean {
  if (lo === -Infinity && hi === Infinity) return true;
  return (loOpen ? value > lo : value >= lo) && (hiOpen ? value < hi : value <= hi);
}

export function intersect(a: Interval, b: Interval): Interval {
  const lo = Math.max(a.lo, b.lo);
  const hi = Math.min(a.hi, b.hi);
  return {
    lo,
    hi,
    loOpen: (a.lo === lo && a.loOpen) || (b.lo === lo && b.loOpen),
    hiOpen: (a.hi === hi && a.hiOpen) || (b.hi === hi && b.hiOpen),
  };
}

/** The values for which `value op limit` holds. `!=` is the part above the limit, or with `below` the one under it. */
export function satisfying(op: ComparisonOperator, limit: number, below = false): Interval {
  switch (op) {
    case '==':
      return point(limit);
    case '>':
      return { ...ANY, lo: limit, loOpen: true };
    case '>=':
      return { ...ANY, lo: limit };
    case '<':
      return { ...ANY, hi: limit, hiOpen: true };
    case '<=':
      return { ...ANY, hi: limit };
    case '!=':
      return below ? { ...ANY, hi: limit, hiOpen: true } : { ...ANY, lo: limit, loOpen: true };
  }
}

const NEGATED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '!=',
  '!=': '==',
  '>': '<=',
  '<': '>=',
  '>=': '<',
  '<=': '>',
};
const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '>': '<',
  '<': '>',
  '>=': '<=',
  '<=': '>=',
};

/** The comparison that holds when this one does not. */
export function negated(op: ComparisonOperator): ComparisonOperator {
  return NEGATED[op];
}

/** The same comparison with its sides swapped. */
export function mirrored(op: ComparisonOperator): ComparisonOperator {
  return MIRRORED[op];
}

/** The image under a function that rises (or, with `falling`, falls) over the whole interval. */
export function mapped(interval: Interval, f: (value: number) => number, falling = false): Interval {
  const { lo, hi, loOpen, hiOpen } = interval;
  return falling ? { lo: f(hi), hi: f(lo), loOpen: hiOpen, hiOpen: loOpen } : { lo: f(lo), hi: f(hi), loOpen, hiOpen };
}

/** How far inside an interval a value is picked: clearly, close to its end, or far away. */
export type Reach = 'clear' | 'close' | 'far';

/** A readable number in the interval, `prefer` when it lies in it. Null when the interval is empty. */
export function pick(interval: Interval, prefer = 1, reach: Reach = 'clear'): number | null {
  if (isEmpty(interval)) return null;
  if (contains(interval, prefer)) return prefer;
  const { lo, hi } = interval;
  if (lo === hi) return lo;
  const value =
    hi === Infinity ? above(lo, reach) : lo === -Infinity ? below(hi, reach) : inside(lo, hi, reach, prefer);
  return contains(interval, value) ? value : (finite(lo) + finite(hi)) / 2;
}

function finite(value: number): number {
  return Math.max(-1e15, Math.min(1e15, value));
}

function above(limit: number, reach: Reach): number {
  if (reach === 'close') return limit + (limit === 0 ? 0.01 : Math.abs(limit) * 0.01);
  if (reach === 'far') return limit <= 0 ? 1_000 : limit * 20;
  if (limit === 0) return 1;
  if (limit < 0) return limit / 2;
  if (limit < 1) return Math.min(limit * 2, (limit + 1) / 2);
  if (limit < 100) return Math.min(limit * 2, (limit + 100) / 2);
  return limit * 1.5;
}

function below(limit: number, reach: Reach): number {
  if (reach === 'close') return limit - (limit === 0 ? 0.01 : Math.abs(limit) * 0.01);
  if (reach === 'far') return limit > 0 ? limit / 20 : limit * 20 - 100;
  if (limit === 1) return 0;
  if (limit > 0) return limit / 2;
  return limit === 0 ? -1 : limit * 2;
}

function inside(lo: number, hi: number, reach: Reach, prefer: number): number {
  if (reach === 'close') return prefer <= lo ? lo + (hi - lo) * 0.01 : hi - (hi - lo) * 0.01;
  const middle = (lo + hi) / 2;
  const round = Math.round(middle);
  return round > lo && round < hi ? round : middle;
}
