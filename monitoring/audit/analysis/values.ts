import type { Binary, Call, Expr } from '../../promql/ast.ts';
import { isComparison } from '../../promql/ast.ts';
import { asLimit, constant } from './expression.ts';
import { ANY_VALUE, between, combine, hull, intersect, NOT_NEGATIVE, negate, passing, type Range } from './range.ts';
import { shareOf } from './share.ts';

/** The values of a metric that recording rules of the audited files write; null for any other. */
export type RecordValues = (metric: string) => Range | null;

const CALENDAR: Readonly<Record<string, Range>> = {
  minute: between(0, 59),
  hour: between(0, 23),
  day_of_week: between(0, 6),
  day_of_month: between(1, 31),
  day_of_year: between(1, 366),
  days_in_month: between(28, 31),
  month: between(1, 12),
  absent: between(1, 1),
  absent_over_time: between(1, 1),
  present_over_time: between(1, 1),
  count_over_time: between(1, Infinity),
  histogram_fraction: between(0, 1),
  sgn: between(-1, 1),
};
const NEVER_NEGATIVE = new Set(
  'rate increase irate changes resets abs sqrt exp time timestamp stddev_over_time stdvar_over_time histogram_count'.split(
    ' ',
  ),
);
/** Their results lie between the smallest and the largest of their argument. */
const WITHIN = new Set(
  'min_over_time max_over_time avg_over_time last_over_time label_replace label_join sort sort_desc sort_by_label sort_by_label_desc vector scalar'.split(
    ' ',
  ),
);

/** The values that the elements of an expression can have, whatever the data. */
export function valuesOf(expr: Expr, records: RecordValues): Range {
  const known = constant(expr);
  if (known !== null) return Number.isNaN(known) ? ANY_VALUE : between(known, known);
  switch (expr.kind) {
    case 'selector':
      return metricValues(expr.name, records);
    case 'matrix':
      return metricValues(expr.selector.name, records);
    case 'subquery':
      return valuesOf(expr.expr, records);
    case 'unary':
      return expr.op === '-' ? negate(valuesOf(expr.expr, records)) : valuesOf(expr.expr, records);
    case 'aggregation':
      return aggregated(expr.op, valuesOf(expr.expr, records));
    case 'call':
      return callValues(expr, records);
    case 'binary':
      return binaryValues(expr, records);
    default:
      return ANY_VALUE;
  }
}

function metricValues(name: string | null, records: RecordValues): Range {
  if (name === null) return ANY_VALUE;
  const recorded = records(name);
  if (recorded !== null) return recorded;
  if (name === 'up') return between(0, 1);
  if (name === 'ALERTS') return between(1, 1);
  return /_(total|bucket)$/.test(name) ? NOT_NEGATIVE : ANY_VALUE;
}

function aggregated(op: string, inner: Range): Range {
  switch (op) {
    case 'count':
    case 'count_values':
      return between(1, Infinity);
    case 'group':
      return between(1, 1);
    case 'stddev':
    case 'stdvar':
      return NOT_NEGATIVE;
    case 'sum':
      return { ...inner, min: inner.min >= 0 ? inner.min : -Infinity, max: inner.max <= 0 ? inner.max : Infinity };
    case 'quantile':
      return ANY_VALUE;
    default:
      return inner;
  }
}

function callValues(expr: Call, records: RecordValues): Range {
  const fixed = CALENDAR[expr.func];
  if (fixed !== undefined) return fixed;
  if (NEVER_NEGATIVE.has(expr.func)) return NOT_NEGATIVE;
  const [first, second, third] = expr.args;
  const inner = first === undefined ? ANY_VALUE : valuesOf(first, records);
  if (WITHIN.has(expr.func)) return inner;
  const [low, high] = [second, third].map((argument) => (argument === undefined ? null : constant(argument)));
  if (expr.func === 'clamp_min' && typeof low === 'number')
    return { ...inner, min: Math.max(inner.min, low), max: Math.max(inner.max, low) };
  if (expr.func === 'clamp_max' && typeof low === 'number')
    return { ...inner, min: Math.min(inner.min, low), max: Math.min(inner.max, low) };
  if (expr.func === 'clamp' && typeof low === 'number' && typeof high === 'number' && low <= high)
    return between(low, high);
  return ANY_VALUE;
}

function binaryValues(expr: Binary, records: RecordValues): Range {
  const { op, left, right, bool } = expr;
  if (isComparison(op)) {
    if (bool !== null) return between(0, 1);
    const limit = asLimit(expr);
    return limit === null
      ? valuesOf(left, records)
      : intersect(valuesOf(limit.measured, records), passing(limit.op, limit.limit));
  }
  if (op === 'and' || op === 'unless') return valuesOf(left, records);
  const [a, b] = [valuesOf(left, records), valuesOf(right, records)];
  if (op === 'or') return hull(a, b);
  if (op === '/' && a.min >= 0 && b.min >= 0) {
    const share = shareOf(left, right);
    if (share === 'same') return between(1, 1);
    if (share === 'part') return between(0, 1);
  }
  return combine(op, a, b);
}
