import { type Call, type Expr, type MatrixSelector, walk } from '../../promql/ast.ts';
import { printDuration } from '../../promql/print.ts';
import { isErrorMatcher } from '../analysis/error-matcher.ts';
import { asLimit } from '../analysis/expression.ts';
import type { Check } from './finding.ts';
import { rewritten, whole, written } from './rewrite.ts';

/** "Any error at all", asked of a series that does not exist before its first error. */
export const bornWithError: Check = {
  severity: 'error',
  title: 'the first error of a series that is born with it is never counted',
  detect: (context) => {
    // An expression that asks what is new already looks at series that appear.
    if ([...walk(context.expr)].some((node) => node.kind === 'binary' && node.op === 'unless')) return [];
    return [...walk(context.expr)].flatMap((node) => {
      const limit = asLimit(node);
      const counted = limit === null || limit.op !== '>' || limit.limit !== 0 ? null : countedErrors(limit.measured);
      if (limit === null || counted === null) return [];
      const { call, matrix } = counted;
      const series = written(context, matrix.selector);
      const born = `${series} unless ${series} offset ${printDuration(matrix.range.ms)}`;
      const around = [limit.measured.from, limit.measured.to] as const;
      const text = context.rule.expr.text;
      const old = written(context, limit.measured);
      const fresh = (text.slice(around[0], call.from) + born + text.slice(call.to, around[1])).replace(/\s+/g, ' ');
      return [
        {
          at: whole(call),
          explanation: `${call.func}() needs a sample before the first error, and a series with such a label appears with it: the first error of each series is missed, and with one error only the alert never fires.`,
          fix: rewritten(context, [
            { ...whole(node), text: `${old} > 0 or ${call === limit.measured ? `(${fresh})` : fresh} > 0` },
          ]),
        },
      ];
    });
  },
};

/** A window of a counter that is chosen by an error's label, under aggregations alone. */
function countedErrors(expr: Expr): { call: Call; matrix: MatrixSelector } | null {
  if (expr.kind === 'aggregation' && expr.op === 'sum') return countedErrors(expr.expr);
  const [argument] = expr.kind === 'call' ? expr.args : [];
  if (expr.kind !== 'call' || !/^(rate|increase|irate)$/.test(expr.func) || argument?.kind !== 'matrix') return null;
  return argument.selector.matchers.some(isErrorMatcher) ? { call: expr, matrix: argument } : null;
}
