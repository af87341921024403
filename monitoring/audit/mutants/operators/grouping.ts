import { walk } from '../../../promql/ast.ts';
import { dropFromList } from '../edit.ts';
import { labelSpans } from '../label-spans.ts';
import type { MutableRule, Mutation } from '../mutant.ts';

/** A label left out of `by (...)` or `without (...)`. */
export function grouping({ expr, ast }: MutableRule): Mutation[] {
  return [...walk(ast)].flatMap((node) =>
    node.kind === 'aggregation' && node.grouping !== null
      ? labelSpans(expr, node.grouping).map((at) => dropFromList(expr, at))
      : [],
  );
}
