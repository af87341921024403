import { walk } from '../../promql/ast.ts';
import { metricKind } from '../analysis/metric-kind.ts';
import type { Check } from './finding.ts';
import { rewritten, whole } from './rewrite.ts';

/** What a level is asked instead. */
const INSTEAD: Readonly<Record<string, string>> = { rate: 'deriv', irate: 'idelta', increase: 'delta' };

/** `rate` and its like take every fall of a level for the restart of a counter. */
export const rateOnGauge: Check = {
  severity: 'error',
  title: 'rate(), irate() or increase() of something that goes up and down',
  detect: (context) =>
    [...walk(context.expr)].flatMap((node) => {
      if (node.kind !== 'call') return [];
      const instead = INSTEAD[node.func];
      const [argument] = node.args;
      const name = argument?.kind === 'matrix' ? argument.selector.name : null;
      if (instead === undefined || name === null || metricKind(name, (metric) => context.all.reads(metric)) !== 'gauge')
        return [];
      return [
        {
          at: whole(node),
          explanation: `${name} goes up and down; ${node.func}() takes each fall for a restart of a counter and adds what was there before.`,
          fix: rewritten(context, [{ ...node.funcSpan, text: instead }]),
        },
      ];
    }),
};
