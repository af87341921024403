import type { Span } from '../../promql/ast.ts';
import type { Mutation } from './mutant.ts';

/** A mutation that puts `text` in the place of a span; the rest of the expression stays as its author wrote it. */
export function replaceSpan(expr: string, at: Span, text: string, what?: string): Mutation {
  const before = expr.slice(at.from, at.to);
  return {
    what: what ?? `${oneLine(before)} becomes ${oneLine(text)}`,
    change: { expr: `${expr.slice(0, at.from)}${text}${expr.slice(at.to)}` },
    at,
  };
}

/** A mutation that takes one member out of a list such as `{a="1", b="2"}` or `(a, b)`, with the comma beside it. */
export function dropFromList(expr: string, at: Span, what?: string): Mutation {
  const after = /^\s*,\s*/.exec(expr.slice(at.to));
  const before = /\s*,\s*$/.exec(expr.slice(0, at.from));
  const from = after === null && before !== null ? at.from - before[0].length : at.from;
  const to = after === null ? at.to : at.to + after[0].length;
  return {
    what: what ?? `without ${oneLine(expr.slice(at.from, at.to))}`,
    change: { expr: expr.slice(0, from) + expr.slice(to) },
    at,
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
