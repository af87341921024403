import { emptiness } from '../analysis/empty.ts';
import type { Check } from './finding.ts';

/** The expression gives nothing, whatever the data: matchers, a comparison or a join that can never hold. */
export const cannotFire: Check = {
  severity: 'error',
  title: 'matchers, a comparison or a join that nothing can satisfy',
  detect: ({ expr, rule, all }) => {
    const found = emptiness(expr, all.knowledge);
    if (found === null) return [];
    const consequence = rule.kind === 'alert' ? 'The alert can never fire.' : 'Nothing is ever recorded.';
    const fix = found.fix ?? FIXES[found.kind];
    return [{ at: found.at, explanation: `${found.why} ${consequence}`, fix }];
  },
};

const FIXES = {
  matchers: 'keep the matcher that is meant',
  comparison: 'compare with a value that can be reached',
  join: 'group both sides by the same labels, or name the labels that they share with on (...)',
} as const;
