import { type Call, walk } from '../../promql/ast.ts';
import { printDuration } from '../../promql/print.ts';
import type { Check } from './finding.ts';
import { rewritten } from './rewrite.ts';

/** Functions that need two samples in the window, and so four scrapes to survive a lost one at any phase. */
const NEED_SAMPLES = new Set([
  'rate',
  'irate',
  'increase',
  'delta',
  'idelta',
  'deriv',
  'predict_linear',
  'changes',
  'resets',
]);
const SCRAPES = 4;

/** A window that holds too few samples: one lost scrape and the expression is empty. */
export const shortWindow: Check = {
  severity: 'error',
  title: 'a window under four scrapes',
  detect: (context) => {
    const { scrapeIntervalMs } = context.options;
    return [...walk(context.expr)].flatMap((node) => {
      const range = windowOf(node.kind === 'call' ? node : null);
      if (range === null || range.ms >= SCRAPES * scrapeIntervalMs) return [];
      const samples = Math.floor(range.ms / scrapeIntervalMs);
      return [
        {
          at: { from: range.from, to: range.to },
          explanation: `With a scrape every ${printDuration(scrapeIntervalMs)} the window holds ${samples === 1 ? '1 sample' : `${samples} samples`}; two are needed, and one late or lost scrape leaves nothing.`,
          fix: rewritten(context, [
            { from: range.from, to: range.to, text: printDuration(SCRAPES * scrapeIntervalMs) },
          ]),
        },
      ];
    });
  },
};

function windowOf(call: Call | null): { from: number; to: number; ms: number } | null {
  const argument = call !== null && NEED_SAMPLES.has(call.func) ? call.args[0] : undefined;
  return argument?.kind === 'matrix' ? argument.range : null;
}
