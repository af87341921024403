import { printPromql } from '../../promql/print.ts';
import { asLimit } from '../analysis/expression.ts';
import type { Check, CheckContext, Detection } from './finding.ts';
import { whole } from './rewrite.ts';
import type { MeasuredLimit } from './rule-set.ts';
import { plainName, severityRank } from './severity-rank.ts';

/** The graver alert has the laxer limit, or one alert has two limits at one severity. */
export const contradictorySeverities: Check = {
  severity: 'error',
  title: 'two alerts on the same thing whose limits and severities contradict',
  detect: (context) => {
    const own = asLimit(context.expr);
    if (own === null || context.rule.kind === 'record') return [];
    const mine = { in: context, measured: own.measured, op: own.op, limit: own.limit };
    return context.all.limitsOf(printPromql(own.measured)).flatMap((other) => {
      const sameRule = other.in.rule === context.rule || asLimit(other.in.expr) === null;
      return sameRule || other.limit === own.limit || !isSameDirection(own.op, other.op)
        ? []
        : judge(context, mine, other);
    });
  },
};

function judge(context: CheckContext, mine: MeasuredLimit, other: MeasuredLimit): Detection[] {
  const [rank, otherRank] = [mine, other].map(({ in: { rule } }) => severityRank(rule.labels.get('severity')?.text));
  if (rank === undefined || otherRank === undefined || rank === null || otherRank === null) return [];
  const sameName = plainName(mine.in.rule.name) === plainName(other.in.rule.name);
  const text = (entry: MeasuredLimit) => `${entry.in.rule.name} (${severity(entry)}) at ${entry.op} ${entry.limit}`;
  const pair = `${text(mine)} and ${text(other)}`;
  if (rank === otherRank) {
    // A pair of limits for a short and a long while is a habit, not a contradiction.
    if (!sameName || mine.in.rule.forMs !== other.in.rule.forMs) return [];
    const explanation = `${pair} say different things at the same severity: between the limits one calls it a fault and the other does not.`;
    return [
      {
        at: whole(context.expr),
        explanation,
        fix: 'agree on one limit, or let each match its own system only',
        related: [other.in],
      },
    ];
  }
  if (!sameName && mine.in.file !== other.in.file) return [];
  const [grave, mild] = rank > otherRank ? [mine, other] : [other, mine];
  const laxer = grave.op.startsWith('>') ? grave.limit < mild.limit : grave.limit > mild.limit;
  if (!laxer || grave.in.rule.forMs > mild.in.rule.forMs) return [];
  const explanation = `${pair} contradict: the graver one fires first, and the milder one never fires alone.`;
  return [
    {
      at: whole(context.expr),
      explanation,
      fix: `swap the limits: ${severity(grave)} at ${grave.op} ${mild.limit}, ${severity(mild)} at ${mild.op} ${grave.limit}`,
      related: [other.in],
    },
  ];
}

function isSameDirection(op: string, other: string): boolean {
  return /^[<>]/.test(op) && op[0] === other[0];
}

function severity({ in: { rule } }: MeasuredLimit): string {
  return rule.labels.get('severity')?.text ?? 'no severity';
}
