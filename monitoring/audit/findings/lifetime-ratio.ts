import { type Binary, type Expr, type VectorSelector, walk } from '../../promql/ast.ts';
import { isScalar } from '../analysis/expression.ts';
import { metricKind } from '../analysis/metric-kind.ts';
import type { Check, CheckContext } from './finding.ts';
import { rewritten, whole, written } from './rewrite.ts';

/** A quotient of counters as they stand: the mean since the process started. */
export const lifetimeRatio: Check = {
  severity: 'error',
  title: 'a ratio of counters over their lifetime: no rate()',
  detect: (context) => {
    const found: Binary[] = [];
    for (const node of walk(context.expr)) {
      if (node.kind !== 'binary' || node.op !== '/' || isScalar(node.left) || isScalar(node.right)) continue;
      const inside = found.some((outer) => outer.from <= node.from && node.to <= outer.to);
      const [left, right] = [rawCounters(node.left, context), rawCounters(node.right, context)];
      if (!inside && left !== null && right !== null) found.push(node);
    }
    return found.map((node) => {
      const counters = [...(rawCounters(node.left, context) ?? []), ...(rawCounters(node.right, context) ?? [])];
      return {
        at: whole(node),
        explanation:
          'Both sides count since the process started, so the ratio is that of its whole life: the longer it runs, the less a bad hour moves it.',
        fix: rewritten(
          context,
          counters.map((counter) => ({ ...whole(counter), text: `rate(${written(context, counter)}[5m])` })),
        ),
      };
    });
  },
};

/** The counters that an expression of sums and aggregations is made of; null as soon as it holds anything else. */
function rawCounters(expr: Expr, context: CheckContext): VectorSelector[] | null {
  switch (expr.kind) {
    case 'selector': {
      const kind = expr.name === null ? null : metricKind(expr.name, (metric) => context.all.reads(metric));
      return kind === 'counter' && expr.offset === null && expr.at === null ? [expr] : null;
    }
    case 'aggregation':
      return expr.op === 'sum' || expr.op === 'avg' ? rawCounters(expr.expr, context) : null;
    case 'binary': {
      if (isScalar(expr.right) && /^([*/]|>|>=|!=)$/.test(expr.op)) return rawCounters(expr.left, context);
      const [left, right] = [rawCounters(expr.left, context), rawCounters(expr.right, context)];
      return expr.op === '+' && left !== null && right !== null ? [...left, ...right] : null;
    }
    default:
      return null;
  }
}
