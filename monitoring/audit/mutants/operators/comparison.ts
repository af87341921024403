import { type ComparisonOperator, isComparison, walk } from '../../../promql/ast.ts';
import { replaceSpan } from '../edit.ts';
import type { MutableRule, Mutation } from '../mutant.ts';

const FLIPPED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '>': '<',
  '<': '>',
  '>=': '<=',
  '<=': '>=',
  '==': '!=',
  '!=': '==',
};

const BOUNDARY: Readonly<Partial<Record<ComparisonOperator, ComparisonOperator>>> = {
  '>': '>=',
  '<': '<=',
  '>=': '>',
  '<=': '<',
};

/** A comparison the other way round, and one that takes the limit itself to the other side. */
export function comparison({ expr, ast }: MutableRule): Mutation[] {
  return [...walk(ast)].flatMap((node) => {
    if (node.kind !== 'binary' || !isComparison(node.op)) return [];
    const boundary = BOUNDARY[node.op];
    return [
      replaceSpan(expr, node.opSpan, FLIPPED[node.op]),
      ...(boundary === undefined ? [] : [replaceSpan(expr, node.opSpan, boundary)]),
    ];
  });
}
