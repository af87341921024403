import type { Span } from '../../promql/ast.ts';

/** Places of the labels in the first brackets of a span: those of `by (a, b)` or `on (a, b) group_left (c)`. */
export function labelSpans(expr: string, { from, to }: Span): Span[] {
  const open = expr.indexOf('(', from);
  const close = expr.indexOf(')', open);
  if (open === -1 || open > to || close === -1) return [];
  return [...expr.slice(open + 1, close).matchAll(/"(?:[^"\\]|\\.)*"|[^\s,]+/g)].map(({ index, 0: text }) => ({
    from: open + 1 + index,
    to: open + 1 + index + text.length,
  }));
}
