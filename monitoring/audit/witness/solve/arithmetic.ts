import type { BinaryOperator } from '../../../promql/ast.ts';
import { compute } from '../model/binary.ts';
import { ANY, contains, type Interval, intersect, isEmpty, mapped, pick, point } from '../model/interval.ts';
import type { Context } from './context.ts';

const EMPTY: Interval = { lo: 1, hi: -1, loOpen: true, hiOpen: true };
const POSITIVE: Interval = { ...ANY, lo: 0, loOpen: true };
const NEGATIVE: Interval = { ...ANY, hi: 0, hiOpen: true };

/** The values of the left side with which the result lies in the interval, given the right side. */
export function invertLeft(
  op: BinaryOperator,
  want: Interval,
  right: number,
  context: Pick<Context, 'reach'>,
): Interval {
  if (Number.isNaN(right)) return EMPTY;
  if (want.lo === -Infinity && want.hi === Infinity) return ANY;
  switch (op) {
    case '+':
      return mapped(want, (value) => value - right);
    case '-':
      return mapped(want, (value) => value + right);
    case '*':
      if (right === 0) return contains(want, 0) ? ANY : EMPTY;
      return mapped(want, (value) => value / right, right < 0);
    case '/':
      if (right === 0) return contains(want, Infinity) ? POSITIVE : EMPTY;
      return mapped(want, (value) => value * right, right < 0);
    case '%':
      return intersect(want, { lo: -Math.abs(right), hi: Math.abs(right), loOpen: true, hiOpen: true });
    case '^':
      return mapped(intersect(want, { ...ANY, lo: 0 }), (value) => value ** (1 / right), right < 0);
    default:
      return tried((value) => compute(op, value, right), want, context);
  }
}

/** The values of the right side with which the result lies in the interval, given the left side. */
export function invertRight(
  op: BinaryOperator,
  want: Interval,
  left: number,
  context: Pick<Context, 'reach'>,
): Interval {
  if (Number.isNaN(left)) return EMPTY;
  if (want.lo === -Infinity && want.hi === Infinity) return op === '/' ? POSITIVE : ANY;
  switch (op) {
    case '+':
      return mapped(want, (value) => value - left);
    case '-':
      return mapped(want, (value) => left - value, true);
    case '*':
      return invertLeft('*', want, left, context);
    case '/':
      return divisor(want, left, context);
    case '^':
      if (left > 1) return mapped(intersect(want, POSITIVE), (value) => Math.log(value) / Math.log(left));
      return tried((value) => left ** value, want, context);
    default:
      return tried((value) => compute(op, left, value), want, context);
  }
}

function divisor(want: Interval, left: number, context: Pick<Context, 'reach'>): Interval {
  if (left === 0) return contains(want, 0) ? POSITIVE : EMPTY;
  for (const sign of [POSITIVE, NEGATIVE]) {
    const quotients = intersect(want, left > 0 ? sign : sign === POSITIVE ? NEGATIVE : POSITIVE);
    if (isEmpty(quotients)) continue;
    if (quotients.lo === quotients.hi) return point(left / quotients.lo);
    return mapped(
      quotients,
      (value) => (value === 0 ? (sign === POSITIVE ? Infinity : -Infinity) : left / value),
      left > 0,
    );
  }
  const value = pick(want, 1, context.reach);
  return value === null || value === 0 ? EMPTY : point(left / value);
}

const TRIED = [
  0, 1, -1, 0.1, 0.5, 2, 3, 5, 7, 10, 12, 24, 30, 45, 60, 90, 100, 180, 1_000, 1e4, 1e6, 1e9, -2, -10, -100,
];

/** A function without an inverse at hand: the first of many values that serves. */
export function tried(f: (value: number) => number, want: Interval, _context?: unknown): Interval {
  for (const value of TRIED) if (contains(want, f(value))) return point(value);
  for (let value = 0; value < 100; value += 0.25) if (contains(want, f(value))) return point(value);
  return EMPTY;
}
