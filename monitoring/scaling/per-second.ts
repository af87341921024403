import { type Binary, type Expr, isComparison } from '../promql/ast.ts';

/** Functions whose result is per second, and so grows with the speed of the clock. */
const PER_SECOND = new Set(['rate', 'irate', 'deriv']);
/** Aggregations and functions whose result grows by a factor when their series do. */
const LINEAR_AGGREGATION = new Set(['sum', 'avg', 'min', 'max', 'topk', 'bottomk', 'quantile']);
const LINEAR_FUNCTION = new Set(['sort', 'sort_desc', 'scalar', 'histogram_sum', 'histogram_count', 'label_replace']);
/** Functions of a histogram that are the same whatever the unit of its buckets, and which argument that is. */
const HISTOGRAM_ARGUMENT: Readonly<Record<string, number>> = {
  histogram_quantile: 1,
  histogram_fraction: 2,
  histogram_quantiles: 0,
  histogram_avg: 0,
  histogram_stddev: 0,
  histogram_stdvar: 0,
};

/** Whether a function's result is per second. */
export function isPerSecondFunction(name: string): boolean {
  return PER_SECOND.has(name);
}

/** Whether the value of an expression grows by the same factor as every per-second function in it. */
export function isPerSecond(expr: Expr): boolean {
  if (expr.kind === 'call' && isPerSecondFunction(expr.func)) return true;
  const parts = perSecondParts(expr);
  return parts.some(isPerSecond) && parts.every((part) => isPerSecond(part) || isZero(part));
}

/** The parts of an expression whose unit is that of its value; none where it has another one. */
export function perSecondParts(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'unary':
      return [expr.expr];
    case 'aggregation':
      return LINEAR_AGGREGATION.has(expr.op) ? [expr.expr] : [];
    case 'call':
      return LINEAR_FUNCTION.has(expr.func) ? expr.args.slice(0, 1) : [];
    case 'binary':
      return partsOfOperation(expr);
    default:
      return [];
  }
}

/** The parts in which the unit of per-second functions cancels out: both sides of a division, the histogram of a quantile. */
export function cancelledParts(expr: Expr): readonly Expr[] {
  if (expr.kind === 'binary' && expr.op === '/') {
    return isPerSecond(expr.left) && isPerSecond(expr.right) ? [expr.left, expr.right] : [];
  }
  const histogram = expr.kind === 'call' ? expr.args[HISTOGRAM_ARGUMENT[expr.func] ?? -1] : undefined;
  return histogram !== undefined && isPerSecond(histogram) ? [histogram] : [];
}

function partsOfOperation({ op, left, right, bool }: Binary): readonly Expr[] {
  if (op === '+' || op === '-' || op === 'or') return [left, right];
  if (op === 'and' || op === 'unless') return [left];
  if (op === '*' && left.kind === 'number') return [right];
  if ((op === '*' || op === '/') && right.kind === 'number') return [left];
  // A filter against zero is the same at every speed.
  return isComparison(op) && bool === null && isZero(right) ? [left] : [];
}

function isZero(expr: Expr): boolean {
  const [argument] = expr.kind === 'call' && expr.func === 'vector' ? expr.args : [expr];
  return argument?.kind === 'number' && argument.value === 0;
}
