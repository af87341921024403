import { walk } from '../../../promql/ast.ts';
import { replaceSpan } from '../edit.ts';
import type { MutableRule, Mutation } from '../mutant.ts';

/** A comparison without its `bool`. */
export function boolModifier({ expr, ast }: MutableRule): Mutation[] {
  return [...walk(ast)].flatMap((node) =>
    node.kind === 'binary' && node.bool !== null ? [replaceSpan(expr, node.bool, '', 'without bool')] : [],
  );
}
