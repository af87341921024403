import { printDuration } from '../../promql/print.ts';
import type { Check } from './finding.ts';
import { whole } from './rewrite.ts';

const SCRAPES = 2;

/** A `for` that ends before a second scrape could confirm the first. */
export const shortFor: Check = {
  severity: 'error',
  title: '`for` shorter than two scrapes',
  detect: ({ rule, expr, options }) => {
    if (rule.forMs === 0 || rule.forMs >= SCRAPES * options.scrapeIntervalMs) return [];
    const scrape = printDuration(options.scrapeIntervalMs);
    return [
      {
        at: whole(expr),
        explanation: `for: ${printDuration(rule.forMs)} ends before a second scrape (every ${scrape}): it waits, and still fires on one bad sample.`,
        fix: `for: ${printDuration(SCRAPES * options.scrapeIntervalMs)}, or no for at all`,
      },
    ];
  },
};
