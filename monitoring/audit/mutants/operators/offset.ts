import { walk } from '../../../promql/ast.ts';
import { replaceSpan } from '../edit.ts';
import type { MutableRule, Mutation } from '../mutant.ts';

/** `offset` left out. */
export function offset({ expr, ast }: MutableRule): Mutation[] {
  return [...walk(ast)].flatMap((node) => {
    if ((node.kind !== 'selector' && node.kind !== 'subquery') || node.offset === null) return [];
    const word = /\boffset\s*$/.exec(expr.slice(0, node.offset.from));
    if (word === null) return [];
    const at = { from: node.offset.from - word[0].length, to: node.offset.to };
    return [replaceSpan(expr, at, '', `without ${expr.slice(at.from, at.to).replaceAll(/\s+/g, ' ')}`)];
  });
}
