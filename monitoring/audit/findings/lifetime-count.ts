import type { Expr } from '../../promql/ast.ts';
import { asLimit } from '../analysis/expression.ts';
import { metricKind } from '../analysis/metric-kind.ts';
import type { Check } from './finding.ts';
import { rewritten, whole, written } from './rewrite.ts';

/** A counter as it stands against a limit: once above, above until the process restarts. */
export const lifetimeCount: Check = {
  severity: 'advice',
  title: 'a counter compared as it stands',
  detect: (context) => {
    // Beside another condition a counter above 0 only says that there is something to judge.
    const limit = context.rule.kind === 'record' ? null : asLimit(context.expr);
    const counter = limit === null || !limit.op.startsWith('>') ? null : rawCounter(limit.measured);
    if (limit === null || counter === null) return [];
    if (metricKind(counter.name, (metric) => context.all.reads(metric)) !== 'counter') return [];
    return [
      {
        at: whole(limit.node),
        explanation: `${counter.name} never falls, so once over the limit the alert fires until the process restarts.`,
        fix: rewritten(context, [{ ...counter, text: `increase(${written(context, counter)}[5m])` }]),
      },
    ];
  },
};

function rawCounter(expr: Expr): { name: string; from: number; to: number } | null {
  if (expr.kind === 'selector' && expr.name !== null && expr.offset === null)
    return { name: expr.name, ...whole(expr) };
  return expr.kind === 'aggregation' && expr.op === 'sum' ? rawCounter(expr.expr) : null;
}
