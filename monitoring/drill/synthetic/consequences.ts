import type { SyntheticCase } from './case.ts';
import { evaluationMs, sampleMs } from './clock.ts';
import type { OracleTrial } from './oracle-text.ts';
import type { OtherAlert } from './result.ts';
import type { DrillRule } from './rule.ts';
import { firedBy } from './script.ts';
import { type Sources, selectorsOf } from './selects.ts';
import { withSteps } from './units.ts';

/** A question whether an alert rightly fired on the series of a case that is about another one. */
export interface OtherTrial {
  readonly other: OtherAlert;
  readonly rule: DrillRule;
  readonly trial: OracleTrial;
}

/** For each alert that the series of a case fired beside its own: what its own rule says of these series, at its own speed. */
export function otherTrials(
  each: SyntheticCase,
  others: readonly OtherAlert[],
  cases: readonly SyntheticCase[],
  sources: Sources,
  stepMs: number,
): OtherTrial[] {
  return others.flatMap((other, number) => {
    const script = each.scripts.find(({ id }) => id === other.script);
    if (script === undefined) return [];
    return cases
      .filter(({ rule }) => firedBy(rule, other.labels))
      .map(({ id, rule, clock }): OtherTrial => {
        const endMs = (each.endMs / each.clock.factor) * clock.factor;
        const step = evaluationMs(clock);
        const trial: OracleTrial = {
          id: `${script.id}.${number}.${id}`,
          context: script.context,
          rules: [...sources.behind(rule), sooner(rule, step)].map((one) => ({ ...one, expr: withSteps(one, stepMs) })),
          series: script.series,
          sampleMs: sampleMs(each.clock),
          intervalMs: Math.max(1, Math.round(each.clock.wallSampleMs * clock.factor)),
          evaluationMs: step,
          endMs: Math.ceil(endMs / step) * step,
        };
        return { other, rule, trial };
      });
  });
}

/** The phases of evaluations are not those of its own drill: what nearly fires may fire. */
function sooner(rule: DrillRule, stepMs: number): DrillRule {
  return { ...rule, forMs: Math.max(0, rule.forMs - 2 * stepMs) };
}

/** Whether a rule watches the states of other alerts: it fires whenever these do for long enough. */
export function watchesAlerts({ ast }: DrillRule): boolean {
  return selectorsOf(ast).some(({ name }) => name === 'ALERTS' || name === 'ALERTS_FOR_STATE');
}
