import type { Check } from './finding.ts';
import { whole } from './rewrite.ts';

/** The same alert name in another file: two teams' alerts share routes, silences and inhibition. */
export const sameNameElsewhere: Check = {
  severity: 'advice',
  title: 'the same alert name in another file',
  detect: ({ expr, rule, all, file }) => {
    if (rule.kind === 'record') return [];
    const others = all.alertsNamed(rule.name).filter((other) => other.file !== file);
    const [first] = others;
    if (first === undefined) return [];
    const files = new Set(others.map((other) => other.file));
    return [
      {
        at: whole(expr),
        explanation: `${rule.name} is also an alert of ${[...files].slice(0, 3).join(', ')}${files.size > 3 ? ` and ${files.size - 3} more` : ''}: in one Prometheus a silence, route or inhibition by name meets both.`,
        fix: 'tell them apart by a label, and match on it',
        related: [first],
      },
    ];
  },
};
