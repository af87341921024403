import type { Expr, Matcher, VectorSelector } from '../../promql/ast.ts';
import { parsePromql } from '../../promql/parse.ts';
import { printPromql } from '../../promql/print.ts';
import { mayRead } from '../../scaling/links.ts';
import { isolatesBy } from './isolate.ts';
import type { DrillRule } from './rule.ts';
import type { Sources } from './selects.ts';
import { selects } from './selects.ts';

/** Recording rules that read others. */
const MAX_DEPTH = 6;

/**
 * The expression of a rule with each recorded series replaced by the expression that records it, for a search of series that go through
 * the recording rules; where several record one metric, by one of them, and by those with the same labels elsewhere. Null where it reads none, or reads one in a way that cannot be written so: its past, or by a label that its
 * expression does not keep.
 */
export function inlined(rule: DrillRule, sources: Sources): Expr | null {
  if (sources.direct(rule).length === 0) return null;
  try {
    const expr = replaced(rule.ast, rule, sources, 0);
    // Places are those of several texts: read again, they are of one.
    const parsed = parsePromql(printPromql(expr));
    return parsed.ok ? parsed.expr : null;
  } catch (error) {
    if (error instanceof NotInlined) return null;
    throw error;
  }
}

class NotInlined extends Error {}

function replaced(expr: Expr, rule: DrillRule, sources: Sources, depth: number): Expr {
  const inner = (each: Expr) => replaced(each, rule, sources, depth);
  switch (expr.kind) {
    case 'number':
    case 'string':
      return expr;
    case 'selector':
      return ofSelector(expr, rule, sources, depth);
    case 'matrix':
      if (sources.direct(rule).some(({ source }) => mayRead(expr.selector, source))) throw new NotInlined();
      return expr;
    case 'subquery':
    case 'unary':
      return { ...expr, expr: inner(expr.expr) };
    case 'binary':
      return { ...expr, left: inner(expr.left), right: inner(expr.right) };
    case 'aggregation':
      return { ...expr, expr: inner(expr.expr) };
    case 'call':
      return { ...expr, args: expr.args.map(inner) };
  }
}

function ofSelector(selector: VectorSelector, rule: DrillRule, sources: Sources, depth: number): Expr {
  const recordings = sources.direct(rule).filter(({ source }) => mayRead(selector, source));
  if (recordings.length === 0) return selector;
  if (depth > MAX_DEPTH || selector.offset !== null || selector.at !== null) throw new NotInlined();
  const matchers = selector.matchers.filter(({ label }) => label !== '__name__');
  const narrowedBy = (each: DrillRule) => {
    const free = matchers.filter(({ label }) => !Object.hasOwn(each.labels, label));
    return narrow(replaced(each.ast, each, sources, depth + 1), free);
  };
  // Those that carry the same labels meet in joins: the first of each kind are of one kind.
  for (const each of recordings.toSorted((a, b) => labelText(a).localeCompare(labelText(b)))) {
    const found = narrowedBy(each);
    if (found !== null) return found;
  }
  throw new NotInlined();
}

function labelText({ labels }: DrillRule): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => a.localeCompare(b)));
}

/** The expression for some series alone; null where it has none of them. */
function narrow(expr: Expr, matchers: readonly Matcher[]): Expr | null {
  let result = expr;
  for (const matcher of matchers) {
    const kept = isolatesBy(matcher.label, withoutMatchers(result, matcher.label));
    if (kept !== 'apart') throw new NotInlined();
    const next = narrowed(result, matcher);
    if (next === null) return null;
    result = next;
  }
  return result;
}

function narrowed(expr: Expr, matcher: Matcher): Expr | null {
  let empty = false;
  const result = eachSelector(expr, (selector) => {
    const same = selector.matchers.filter(({ label }) => label === matcher.label);
    const fixed = same.find(({ op }) => op === '=');
    if (fixed !== undefined) {
      empty ||= !selects({ ...selector, name: null, matchers: [matcher] }, { [matcher.label]: fixed.value });
      return selector;
    }
    return same.some(({ op, value }) => op === matcher.op && value === matcher.value)
      ? selector
      : { ...selector, matchers: [...selector.matchers, matcher] };
  });
  return empty ? null : result;
}

function withoutMatchers(expr: Expr, label: string): Expr {
  return eachSelector(expr, (selector) => ({
    ...selector,
    matchers: selector.matchers.filter((matcher) => matcher.label !== label),
  }));
}

function eachSelector(expr: Expr, change: (selector: VectorSelector) => VectorSelector): Expr {
  const inner = (each: Expr) => eachSelector(each, change);
  switch (expr.kind) {
    case 'number':
    case 'string':
      return expr;
    case 'selector':
      return change(expr);
    case 'matrix':
      return { ...expr, selector: change(expr.selector) };
    case 'subquery':
    case 'unary':
      return { ...expr, expr: inner(expr.expr) };
    case 'binary':
      return { ...expr, left: inner(expr.left), right: inner(expr.right) };
    case 'aggregation':
      return { ...expr, expr: inner(expr.expr) };
    case 'call':
      return { ...expr, args: expr.args.map(inner) };
  }
}
