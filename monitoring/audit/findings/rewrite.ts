import type { Span } from '../../promql/ast.ts';
import type { AuditedRule } from './finding.ts';

/** The expression of a rule on one line, with parts of it replaced; only the new part where comments forbid one line. */
export function rewritten({ rule }: AuditedRule, edits: readonly (Span & { text: string })[]): string {
  const { text } = rule.expr;
  if (/#/.test(text)) return edits.map((edit) => edit.text).join(' ... ');
  let result = text;
  for (const edit of edits.toSorted((a, b) => b.from - a.from)) {
    result = result.slice(0, edit.from) + edit.text + result.slice(edit.to);
  }
  return oneLine(result);
}

/** A part of a rule's expression as written, on one line. */
export function written({ rule }: AuditedRule, { from, to }: Span): string {
  return oneLine(rule.expr.text.slice(from, to));
}

/** The place of a part of an expression. */
export function whole({ from, to }: Span): Span {
  return { from, to };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
