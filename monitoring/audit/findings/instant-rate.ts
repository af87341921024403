import { walk } from '../../promql/ast.ts';
import type { Check } from './finding.ts';
import { rewritten, whole } from './rewrite.ts';

/** `irate` looks at the last two samples: one quiet scrape and the timer of `for` starts again. */
export const instantRate: Check = {
  severity: 'advice',
  title: '`irate` in an alert that waits',
  detect: (context) =>
    context.rule.kind === 'record' || context.rule.forMs === 0
      ? []
      : [...walk(context.expr)].flatMap((node) =>
          node.kind === 'call' && node.func === 'irate'
            ? [
                {
                  at: whole(node),
                  explanation: 'irate() sees the last two samples only: one quiet scrape resets the timer of `for`.',
                  fix: rewritten(context, [{ ...node.funcSpan, text: 'rate' }]),
                },
              ]
            : [],
        ),
};
