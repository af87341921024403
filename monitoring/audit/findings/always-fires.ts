import { type Expr, isComparison, walk } from '../../promql/ast.ts';
import { isScalar } from '../analysis/expression.ts';
import type { Check } from './finding.ts';
import { rewritten, whole } from './rewrite.ts';

/** An alert fires for each series of its result, whatever the value: with `bool` false is a series too. */
export const alwaysFires: Check = {
  severity: 'error',
  title: 'a condition that keeps every series, true or not',
  detect: (context) => {
    const { expr, rule } = context;
    const compared = [...walk(expr)].filter((node) => node.kind === 'binary' && node.bool !== null);
    const [first] = compared;
    if (rule.kind === 'record' || first?.kind !== 'binary' || first.bool === null || !keepsFalse(expr)) return [];
    return [
      {
        at: whole(first.bool),
        explanation:
          'With bool a comparison gives 0 where it does not hold, and an alert fires for every series of its result, 0 or not: it always fires.',
        fix:
          compared.length === 1
            ? rewritten(context, [{ from: first.bool.from, to: first.bool.to, text: '' }])
            : 'compare the result: (...) == 1',
      },
    ];
  },
};

/** Whether an expression gives its zeros too: `bool` comparisons, and arithmetic and sums of such. */
function keepsFalse(expr: Expr): boolean {
  switch (expr.kind) {
    case 'binary':
      if (isComparison(expr.op)) return expr.bool !== null;
      return /^[+*]$/.test(expr.op) && [expr.left, expr.right].every((side) => isScalar(side) || keepsFalse(side));
    case 'aggregation':
      return /^(sum|max|min|avg)$/.test(expr.op) && keepsFalse(expr.expr);
    default:
      return false;
  }
}
