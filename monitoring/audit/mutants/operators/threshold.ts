import { type Expr, isComparison, isSetOperator, type NumberLiteral, walk } from '../../../promql/ast.ts';
import { replaceSpan } from '../edit.ts';
import type { MutableRule, Mutation } from '../mutant.ts';

/** How far a limit is moved to see whether a test stands right beside it. */
export const NUDGE = 0.01;

/** A number that a comparison depends on: nudged up and down, doubled, halved, its sign turned. */
export function threshold({ expr, ast }: MutableRule): Mutation[] {
  return literalsOf(ast).flatMap((literal) => {
    const { value } = literal;
    if (!Number.isFinite(value)) return [];
    const values = value === 0 ? [1, -1] : [value * (1 + NUDGE), value * (1 - NUDGE), value * 2, value / 2, -value];
    return values.map((changed) => replaceSpan(expr, literal, print(changed)));
  });
}

/** Number literals that are operands: not arguments of functions, whose meaning is their own. */
function literalsOf(ast: Expr): NumberLiteral[] {
  const compares = (node: Expr) => [...walk(node)].some((each) => each.kind === 'binary' && isComparison(each.op));
  if (!compares(ast)) return [];
  return [...walk(ast)].flatMap((node) => {
    if (node.kind !== 'binary' || isSetOperator(node.op)) return [];
    return [node.left, node.right].flatMap((side) => {
      if (side.kind === 'number') return [side];
      return side.kind === 'unary' && side.expr.kind === 'number' ? [side.expr] : [];
    });
  });
}

function print(value: number): string {
  const text = String(Number(value.toPrecision(12)));
  return value < 0 ? `(${text})` : text;
}
