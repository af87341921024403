import { walk } from '../../promql/ast.ts';
import { selectors } from '../analysis/expression.ts';
import type { Check } from './finding.ts';
import { whole } from './rewrite.ts';
import { severityRank } from './severity-rank.ts';

const GRAVE = 3;

/** A grave alert that falls silent when its metric vanishes, and nothing else would notice. */
export const missingAbsentTwin: Check = {
  severity: 'advice',
  title: 'a grave alert without a twin that watches for its metric',
  detect: ({ expr, rule, all }) => {
    const grave = severityRank(rule.labels.get('severity')?.text) === GRAVE;
    const watches = [...walk(expr)].some(
      (node) =>
        (node.kind === 'call' && node.func.startsWith('absent')) || (node.kind === 'binary' && node.op === 'unless'),
    );
    if (rule.kind === 'record' || !grave || watches || all.watchesTargets) return [];
    const unwatched = selectors(expr).find(
      // Prometheus writes ALERTS itself, and only while an alert is on: without one it is rightly away.
      ({ name }) => name !== null && name !== 'ALERTS' && all.recordsOf(name).length === 0 && !all.watchesFor(name),
    );
    if (unwatched === undefined) return [];
    return [
      {
        at: whole(unwatched),
        explanation: `If ${unwatched.name} vanishes (target gone, metric renamed) this alert falls silent, and no rule of these files notices.`,
        fix: `a further alert on absent(${unwatched.name})`,
      },
    ];
  },
};
