import { walk } from '../../../promql/ast.ts';
import { dropFromList, replaceSpan } from '../edit.ts';
import { labelSpans } from '../label-spans.ts';
import type { MutableRule, Mutation } from '../mutant.ts';

/** A label left out of `on (...)` or `ignoring (...)`; `group_left` or `group_right` left out. */
export function matching({ expr, ast }: MutableRule): Mutation[] {
  return [...walk(ast)].flatMap((node) => {
    if (node.kind !== 'binary' || node.matching === null) return [];
    const { matching: joined } = node;
    const group = /\bgroup_(?:left|right)\b(?:\s*\([^)]*\))?/.exec(expr.slice(joined.from, joined.to));
    return [
      ...labelSpans(expr, joined).map((at) => dropFromList(expr, at, `join without ${expr.slice(at.from, at.to)}`)),
      ...(group === null
        ? []
        : [
            replaceSpan(
              expr,
              { from: joined.from + group.index, to: joined.from + group.index + group[0].length },
              '',
              `without ${group[0].replaceAll(/\s+/g, ' ')}`,
            ),
          ]),
    ];
  });
}
