import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Expr, PromqlError } from './ast.ts';
import { Converter } from './convert.ts';

export type ParseResult =
  | { readonly ok: true; readonly expr: Expr }
  | { readonly ok: false; readonly errors: readonly [PromqlError, ...PromqlError[]] };

/** Longer texts are no rule that anyone wrote. */
const MAX_LENGTH = 200_000;
/** Deeper nesting than any rule has; it bounds every recursion over an expression. */
const MAX_DEPTH = 500;

/** The expression that a text holds, or its faults with their places. Takes any text and never throws. */
export function parsePromql(text: string): ParseResult {
  if (text.trim() === '') return failed({ from: 0, to: text.length, message: 'the expression is empty' });
  if (text.length > MAX_LENGTH) {
    return failed({ from: 0, to: 1, message: `the expression has more than ${MAX_LENGTH} characters` });
  }
  // The grammar of Prometheus 3 has lost this function of Prometheus 2; another of the same length parses alike.
  const tree = parser.parse(text.replace(/\bholt_winters(?=\s*\()/g, 'day_of_month'));
  const fault = firstFault(tree, text);
  if (fault !== null) return failed(fault);
  const root = tree.topNode.firstChild;
  const converter = new Converter(text);
  const expr = root === null ? null : converter.expr(skipComments(root));
  const [first, ...rest] = converter.errors;
  if (first !== undefined) return { ok: false, errors: [first, ...rest] };
  return expr === null ? failed({ from: 0, to: text.length, message: 'no expression' }) : { ok: true, expr };
}

function failed(error: PromqlError): ParseResult {
  return { ok: false, errors: [error] };
}

function skipComments(node: SyntaxNode): SyntaxNode {
  let at: SyntaxNode = node;
  while (at.name === 'LineComment' && at.nextSibling !== null) at = at.nextSibling;
  return at;
}

/** A walk without recursion: the first place that is no PromQL, or where it nests too deep. */
function firstFault(tree: Tree, text: string): PromqlError | null {
  const cursor = tree.cursor();
  let depth = 0;
  for (;;) {
    if (cursor.type.isError) return unexpected(text, cursor.from, cursor.to);
    if (depth > MAX_DEPTH) {
      return { from: cursor.from, to: cursor.to, message: `the expression nests deeper than ${MAX_DEPTH}` };
    }
    if (cursor.firstChild()) {
      depth += 1;
      continue;
    }
    while (!cursor.nextSibling()) {
      if (!cursor.parent()) return null;
      depth -= 1;
    }
  }
}

function unexpected(text: string, from: number, to: number): PromqlError {
  const start = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
  const word = text.slice(from, to).trim() || (/^(?:\w+|\S)/.exec(text.slice(start))?.[0] ?? '');
  if (word === '') return { from, to, message: 'the expression ends too early' };
  return { from: start, to: Math.max(to, start + word.length), message: `unexpected ${JSON.stringify(word)}` };
}
