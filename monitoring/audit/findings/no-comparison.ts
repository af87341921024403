import { type Expr, isComparison, isSetOperator, walk } from '../../promql/ast.ts';
import { selectors } from '../analysis/expression.ts';
import type { Check } from './finding.ts';
import { whole } from './rewrite.ts';

/** An alert that compares nothing fires as long as its series exist, at any value. */
export const noComparison: Check = {
  severity: 'advice',
  title: 'an alert without a comparison',
  detect: ({ expr, rule, all }) => {
    const read = selectors(expr);
    // Metrics that exist only while something is wrong are meant to be alerted on as they stand.
    const deliberate =
      read.length === 0 ||
      read.some(
        ({ name }) => name === null || name === 'ALERTS' || name.includes(':') || all.recordsOf(name).length > 0,
      );
    if (rule.kind === 'record' || deliberate || [...walk(expr)].some(decides)) return [];
    return [
      {
        at: whole(expr),
        explanation:
          'Nothing is compared here, so the alert fires as long as the series exist, at 0 as at any other value.',
        fix: 'compare with a limit, such as > 0',
      },
    ];
  },
};

function decides(node: Expr): boolean {
  if (node.kind === 'binary') return isComparison(node.op) || isSetOperator(node.op);
  return node.kind === 'call' && node.func.startsWith('absent');
}
