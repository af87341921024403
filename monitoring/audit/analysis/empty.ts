import type { Binary, Expr, Span, VectorSelector } from '../../promql/ast.ts';
import { isComparison } from '../../promql/ast.ts';
import { printPromql } from '../../promql/print.ts';
import { asLimit, type Limit } from './expression.ts';
import { joinConflict } from './join.ts';
import type { RecordFacts } from './labels.ts';
import { contradiction } from './matchers.ts';
import { intersect, isEmpty, passing } from './range.ts';
import { type RecordValues, valuesOf } from './values.ts';

/** Why an expression never gives anything, and the part of it that shows so. */
export interface Emptiness {
  at: Span;
  kind: 'matchers' | 'comparison' | 'join';
  why: string;
  fix?: string;
}

/** What recording rules of the audited files are known to write. */
export interface RecordKnowledge {
  labels: RecordFacts;
  values: RecordValues;
}

/** Why an expression is empty whatever the data; null where it need not be. */
export function emptiness(expr: Expr, records: RecordKnowledge): Emptiness | null {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return null;
    case 'selector':
      return selectorEmptiness(expr);
    case 'matrix':
      return selectorEmptiness(expr.selector);
    case 'subquery':
    case 'unary':
    case 'aggregation':
      return emptiness(expr.expr, records);
    case 'call':
      if (/^(absent|absent_over_time|vector|scalar|time)$/.test(expr.func)) return null;
      return expr.args.map((argument) => emptiness(argument, records)).find((found) => found !== null) ?? null;
    case 'binary':
      return binaryEmptiness(expr, records);
  }
}

function selectorEmptiness(selector: VectorSelector): Emptiness | null {
  for (const label of new Set(selector.matchers.map((matcher) => matcher.label))) {
    const found = contradiction(selector.matchers.filter((matcher) => matcher.label === label));
    const [first] = found ?? [];
    if (found === null || first === undefined) continue;
    const text = found.map(({ op, value }) => `${label}${op}"${value}"`);
    const why =
      found.length === 1 ? `No series has ${text[0]}.` : `No value of ${label} satisfies ${text.join(' and ')}.`;
    const last = found.toSorted((a, b) => a.from - b.from).at(-1) ?? first;
    return { at: { from: last.from, to: last.to }, kind: 'matchers', why };
  }
  return null;
}

function binaryEmptiness(expr: Binary, records: RecordKnowledge): Emptiness | null {
  const [left, right] = [emptiness(expr.left, records), emptiness(expr.right, records)];
  if (expr.op === 'or') return left !== null && right !== null ? left : null;
  if (left !== null) return left;
  if (expr.op === 'unless') return null;
  if (right !== null) return right;
  const conflict = joinConflict(expr, records.labels);
  if (conflict !== null) return conflict;
  if (isComparison(expr.op)) return comparisonEmptiness(expr, records);
  return expr.op === 'and' ? conjunctionEmptiness(expr) : null;
}

function comparisonEmptiness(expr: Binary, records: RecordKnowledge): Emptiness | null {
  const limit = expr.bool === null ? asLimit(expr) : null;
  if (limit === null) return null;
  const values = valuesOf(limit.measured, records.values);
  if (!isEmpty(intersect(values, passing(limit.op, limit.limit)))) return null;
  const bounds =
    values.min === values.max
      ? `is always ${values.min}`
      : values.max === Infinity
        ? `is never ${values.minOpen ? `${values.min} or less` : `below ${values.min}`}`
        : values.min === -Infinity
          ? `is never ${values.maxOpen ? `${values.max} or more` : `above ${values.max}`}`
          : `lies between ${values.min} and ${values.max}`;
  return {
    at: { from: expr.from, to: expr.to },
    kind: 'comparison',
    why: `${shorten(printPromql(limit.measured))} ${bounds}, so "${limit.op} ${limit.limit}" is never true.`,
  };
}

/** `x > 5 and x < 3` over the same series. */
function conjunctionEmptiness(expr: Binary): Emptiness | null {
  if (expr.matching !== null) return null;
  const rights = conjuncts(expr.right);
  for (const a of conjuncts(expr.left)) {
    for (const b of rights) {
      if (printPromql(a.measured) !== printPromql(b.measured)) continue;
      if (!isEmpty(intersect(passing(a.op, a.limit), passing(b.op, b.limit)))) continue;
      const why = `${shorten(printPromql(a.measured))} cannot be ${a.op} ${a.limit} and ${b.op} ${b.limit} at once.`;
      return { at: { from: b.node.from, to: b.node.to }, kind: 'comparison', why };
    }
  }
  return null;
}

function conjuncts(expr: Expr): Limit[] {
  if (expr.kind === 'binary' && expr.op === 'and' && expr.matching === null)
    return [...conjuncts(expr.left), ...conjuncts(expr.right)];
  const limit = asLimit(expr);
  return limit === null || limit.node.bool !== null ? [] : [limit];
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
