import { type Matcher, type MatchOperator, walk } from '../../../promql/ast.ts';
import { dropFromList, replaceSpan } from '../edit.ts';
import type { MutableRule, Mutation } from '../mutant.ts';

const NEGATED: Readonly<Record<MatchOperator, MatchOperator>> = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' };

/** A matcher left out, turned round, and a pattern widened to everything that has the label. */
export function matcher({ expr, ast }: MutableRule): Mutation[] {
  return [...walk(ast)].flatMap((node) => {
    if (node.kind !== 'selector') return [];
    return node.matchers.flatMap((each) => [
      dropFromList(expr, each),
      replaceSpan(expr, each, withOperator(expr, each)),
      ...(each.op === '=~' && each.value !== '.+' ? [replaceSpan(expr, each, `${each.label}=~".+"`)] : []),
    ]);
  });
}

function withOperator(expr: string, { from, to, op }: Matcher): string {
  const text = expr.slice(from, to);
  const at = text.indexOf(op, /^\s*(?:"(?:[^"\\]|\\.)*"|[^\s=!]+)/.exec(text)?.[0].length ?? 0);
  return `${text.slice(0, at)}${NEGATED[op]}${text.slice(at + op.length)}`;
}
