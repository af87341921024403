import { walk } from '../../promql/ast.ts';
import { metricKind } from '../analysis/metric-kind.ts';
import type { Check } from './finding.ts';
import { rewritten, whole } from './rewrite.ts';

/** What a counter is asked instead; null where there is no single function. */
const INSTEAD: Readonly<Record<string, string | null>> = {
  delta: 'increase',
  idelta: 'increase',
  deriv: 'rate',
  holt_winters: null,
  double_exponential_smoothing: null,
  avg_over_time: null,
  sum_over_time: null,
  stddev_over_time: null,
  quantile_over_time: null,
};

/** Functions for levels know nothing of restarts: a counter that starts again at 0 looks like a fall. */
export const gaugeFunctionOnCounter: Check = {
  severity: 'error',
  title: 'delta(), deriv() or an average over time of a counter',
  detect: (context) =>
    [...walk(context.expr)].flatMap((node) => {
      const instead = node.kind === 'call' ? INSTEAD[node.func] : undefined;
      if (node.kind !== 'call' || instead === undefined) return [];
      const argument = node.args.find(({ kind }) => kind === 'matrix');
      const name = argument?.kind === 'matrix' ? argument.selector.name : null;
      if (name === null || metricKind(name, (metric) => context.all.reads(metric)) !== 'counter') return [];
      const fix =
        instead === null
          ? `take the rate first: ${node.func}(rate(${name}[5m])[1h:])`
          : rewritten(context, [{ ...node.funcSpan, text: instead }]);
      return [
        {
          at: whole(node),
          explanation: `${name} only counts up; ${node.func}() reads its restart at 0 as a fall, and its level says nothing about the present.`,
          fix,
        },
      ];
    }),
};
