import { type Expr, type VectorSelector, walk } from '../../promql/ast.ts';
import type { Check } from './finding.ts';
import { rewritten, written } from './rewrite.ts';

/** `histogram_quantile` over buckets that count since the process started. */
export const lifetimeQuantile: Check = {
  severity: 'error',
  title: 'a quantile over the lifetime of the process: no rate()',
  detect: (context) =>
    [...walk(context.expr)].flatMap((node) => {
      const argument = node.kind === 'call' && node.func === 'histogram_quantile' ? node.args[1] : undefined;
      const buckets = argument === undefined ? null : rawBuckets(argument);
      if (argument === undefined || buckets === null) return [];
      const rate = `rate(${written(context, buckets)}[5m])`;
      const text = argument === buckets ? `sum by (le) (${rate})` : rate;
      return [
        {
          at: { from: buckets.from, to: buckets.to },
          explanation:
            'The buckets count since the process started, so a slow hour after a fast week never shows, and a slow start never clears.',
          fix: rewritten(context, [{ from: buckets.from, to: buckets.to, text }]),
        },
      ];
    }),
};

/** The bucket series of a histogram that reach the quantile without a window. */
function rawBuckets(expr: Expr): VectorSelector | null {
  if (expr.kind === 'selector') return /^[^:]+_bucket$/.test(expr.name ?? '') ? expr : null;
  return expr.kind === 'aggregation' ? rawBuckets(expr.expr) : null;
}
