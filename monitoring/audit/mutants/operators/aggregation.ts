import { type AggregationOperator, walk } from '../../../promql/ast.ts';
import { replaceSpan } from '../edit.ts';
import type { MutableRule, Mutation } from '../mutant.ts';

const MISTAKEN: Readonly<Partial<Record<AggregationOperator, readonly AggregationOperator[]>>> = {
  sum: ['avg', 'max'],
  avg: ['sum', 'max'],
  max: ['min', 'sum'],
  min: ['max', 'sum'],
  count: ['sum'],
};

/** An aggregation replaced by another over the same series. */
export function aggregation({ expr, ast }: MutableRule): Mutation[] {
  return [...walk(ast)].flatMap((node) =>
    node.kind === 'aggregation' ? (MISTAKEN[node.op] ?? []).map((other) => replaceSpan(expr, node.opSpan, other)) : [],
  );
}
