import { type Expr, type MatrixSelector, walk } from '../../promql/ast.ts';
import { isErrorMatcher } from '../analysis/error-matcher.ts';
import { asLimit } from '../analysis/expression.ts';
import type { Check, CheckContext } from './finding.ts';
import { rewritten, whole, written } from './rewrite.ts';

/** An alert that speaks of a rate of errors, successes or misses, as people do of a share. */
const NAMES_SHARE =
  /(err(or)?s?|fail(ure|ed)?s?|success(ful)?|miss|hit|[45]xx|rejection|drop)[\s_-]*(request|response)?s?[\s_-]*(rate|ratio|percent(age)?|share)/i;
/** Words of someone who knows that the limit is per second. */
const PER_SECOND = /per[\s-]*(second|sec|minute|min|hour)|\/\s?(s|sec|second|min)\b|\b(rps|qps|req\/s)\b/i;

/** Errors per second compared with a fraction that reads as a share. */
export const perSecondAsShare: Check = {
  severity: 'error',
  title: 'events per second compared as if a share',
  detect: (context) => {
    if (!speaksOfShare(context)) return [];
    return [...walk(context.expr)].flatMap((node) => {
      const limit = asLimit(node);
      // Someone who writes 3 / 1200 has counted seconds.
      if (limit === null || limit.node.right.kind !== 'number' || !/^[<>]=?$/.test(limit.op)) return [];
      const counted = limit.limit > 0 && limit.limit < 1 ? countedShare(limit.measured) : null;
      if (counted === null) return [];
      const { selector } = counted;
      const removed = selector.matchers.filter(isErrorMatcher);
      const kept = selector.matchers
        .filter((matcher) => !removed.includes(matcher))
        .map((matcher) => written(context, matcher));
      const range = written(context, { from: selector.to, to: counted.to });
      const all = `${selector.name ?? ''}${kept.length === 0 ? '' : `{${kept.join(',')}}`}${range}`;
      const labels = removed.map(({ label }) => label).join(', ');
      const around = (inner: string) =>
        limit.measured.kind === 'aggregation'
          ? written(context, { from: limit.measured.from, to: counted.from }) +
            inner +
            written(context, { from: counted.to, to: limit.measured.to })
          : `sum without (${labels}) (rate(${inner}))`;
      const percent = Number((limit.limit * 100).toPrecision(6));
      return [
        {
          at: whole(node),
          explanation: `This is ${limit.limit} events per second${limit.measured.kind === 'aggregation' ? '' : ' and series'}, whatever the traffic: a busy service passes it at almost no errors, a quiet one fails altogether below it. The name speaks of a share (${percent} %).`,
          fix: rewritten(context, [
            { ...whole(limit.measured), text: `${around(written(context, counted))} / ${around(all)}` },
          ]),
        },
      ];
    });
  },
};

/** The window whose per-second rate, summed or not, is all there is. */
function countedShare(expr: Expr): MatrixSelector | null {
  if (expr.kind === 'aggregation' && /^(sum|avg|max)$/.test(expr.op)) return countedShare(expr.expr);
  const [argument] = expr.kind === 'call' ? expr.args : [];
  if (expr.kind !== 'call' || !/^i?rate$/.test(expr.func) || argument?.kind !== 'matrix') return null;
  return argument.selector.matchers.some(isErrorMatcher) ? argument : null;
}

function speaksOfShare({ rule }: CheckContext): boolean {
  const texts = [rule.name, ...[...rule.annotations.values()].map(({ text }) => text)];
  return (
    rule.kind === 'alert' &&
    NAMES_SHARE.test(rule.name.replace(/([a-z])([A-Z])/g, '$1 $2')) &&
    !texts.some((text) => PER_SECOND.test(text))
  );
}
