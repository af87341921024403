import type { Expr, Matcher, VectorSelector } from '../../promql/ast.ts';
import { isComparison } from '../../promql/ast.ts';
import { printMatcher, printPromql } from '../../promql/print.ts';
import { constant } from './expression.ts';

/** Functions whose result for a part of the series is a part of the result for all. */
const ADDITIVE_CALLS = new Set(['rate', 'increase', 'irate']);

/**
 * Whether one side of a division counts a part of what the other counts, such as errors of all requests: `part`; the very same: `same`;
 * null where that cannot be seen. Sums and counts over `rate`, `increase` or plain series whose matchers say so.
 */
export function shareOf(part: Expr, whole: Expr): 'part' | 'same' | null {
  const [left, right] = [strip(part), strip(whole)];
  if (printPromql(left) === printPromql(right)) return 'same';
  if (left.kind === 'aggregation' && right.kind === 'aggregation') {
    return left.op === right.op && (left.op === 'sum' || left.op === 'count')
      ? asPart(shareOf(left.expr, right.expr))
      : null;
  }
  if (left.kind === 'call' && right.kind === 'call') {
    const [a, b] = [left.args[0], right.args[0]];
    return left.func === right.func && ADDITIVE_CALLS.has(left.func) && a !== undefined && b !== undefined
      ? shareOf(a, b)
      : null;
  }
  if (left.kind === 'matrix' && right.kind === 'matrix') {
    return left.range.ms === right.range.ms ? selectorShare(left.selector, right.selector) : null;
  }
  return left.kind === 'selector' && right.kind === 'selector' ? selectorShare(left, right) : null;
}

/** The same sum under another grouping is a part at most. */
function asPart(share: 'part' | 'same' | null): 'part' | null {
  return share === null ? null : 'part';
}

function selectorShare(part: VectorSelector, whole: VectorSelector): 'part' | 'same' | null {
  if (part.name === null || part.name !== whole.name) return null;
  if (part.offset?.ms !== whole.offset?.ms || part.at !== whole.at) return null;
  const own = new Set(part.matchers.map(printMatcher));
  if (!whole.matchers.every((matcher: Matcher) => own.has(printMatcher(matcher)))) return null;
  return part.matchers.length === whole.matchers.length ? 'same' : 'part';
}

/** A filter against a number, as in `/ (total > 0)`, changes no value. */
function strip(expr: Expr): Expr {
  if (expr.kind === 'binary' && isComparison(expr.op) && expr.bool === null && constant(expr.right) !== null)
    return strip(expr.left);
  return expr;
}
