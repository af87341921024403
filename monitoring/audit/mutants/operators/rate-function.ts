import { walk } from '../../../promql/ast.ts';
import { replaceSpan } from '../edit.ts';
import type { MutableRule, Mutation } from '../mutant.ts';

/** Functions that are taken for one another: per second against per window, average against latest, counter against gauge. */
const MISTAKEN: Readonly<Record<string, string>> = {
  rate: 'increase',
  increase: 'rate',
  irate: 'increase',
  delta: 'deriv',
  deriv: 'delta',
  idelta: 'delta',
  max_over_time: 'min_over_time',
  min_over_time: 'max_over_time',
  avg_over_time: 'max_over_time',
  sum_over_time: 'avg_over_time',
};

/** A function over a window replaced by its neighbour. */
export function rateFunction({ expr, ast }: MutableRule): Mutation[] {
  return [...walk(ast)].flatMap((node) => {
    const other = node.kind === 'call' ? MISTAKEN[node.func] : undefined;
    return node.kind !== 'call' || other === undefined ? [] : [replaceSpan(expr, node.funcSpan, other)];
  });
}
