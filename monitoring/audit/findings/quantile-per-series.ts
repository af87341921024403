import { walk } from '../../promql/ast.ts';
import type { Check } from './finding.ts';
import { rewritten, whole, written } from './rewrite.ts';

/** A quantile of each single series: of one instance, path and status, often over a handful of requests. */
export const quantilePerSeries: Check = {
  severity: 'advice',
  title: 'a quantile of each series instead of all requests',
  detect: (context) =>
    [...walk(context.expr)].flatMap((node) => {
      const argument = node.kind === 'call' && node.func === 'histogram_quantile' ? node.args[1] : undefined;
      const [inner] = argument?.kind === 'call' && /^i?(rate|increase)$/.test(argument.func) ? argument.args : [];
      if (argument === undefined || inner?.kind !== 'matrix' || !inner.selector.name?.endsWith('_bucket')) return [];
      return [
        {
          at: whole(argument),
          explanation:
            'Without an aggregation this is the quantile of each series by itself: a path with one slow request fires, and no result is that of the service.',
          fix: rewritten(context, [{ ...whole(argument), text: `sum by (le) (${written(context, argument)})` }]),
        },
      ];
    }),
};
