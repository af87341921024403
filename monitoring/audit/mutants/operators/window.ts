import { type Duration, walk } from '../../../promql/ast.ts';
import { printDuration } from '../../../promql/print.ts';
import { replaceSpan } from '../edit.ts';
import type { MutableRule, Mutation } from '../mutant.ts';

/** A window twice and half as long. */
export function window({ expr, ast }: MutableRule): Mutation[] {
  const scaled = (range: Duration) =>
    [range.ms * 2, Math.round(range.ms / 2)].map((ms) => replaceSpan(expr, range, printDuration(ms)));
  return [...walk(ast)].flatMap((node) =>
    node.kind === 'matrix' || node.kind === 'subquery' ? scaled(node.range) : [],
  );
}
