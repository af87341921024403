import { type SetOperator, walk } from '../../../promql/ast.ts';
import { replaceSpan } from '../edit.ts';
import type { MutableRule, Mutation } from '../mutant.ts';

const MISTAKEN: Readonly<Record<SetOperator, readonly SetOperator[]>> = {
  and: ['or', 'unless'],
  or: ['and'],
  unless: ['and'],
};

/** `and`, `or` and `unless` taken for one another. */
export function setOperator({ expr, ast }: MutableRule): Mutation[] {
  return [...walk(ast)].flatMap((node) => {
    const others = node.kind === 'binary' ? MISTAKEN[node.op as SetOperator] : undefined;
    return node.kind !== 'binary' || others === undefined
      ? []
      : others.map((other) => replaceSpan(expr, node.opSpan, other));
  });
}
