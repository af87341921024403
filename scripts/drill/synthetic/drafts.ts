import type { CaseInput, Undrillable } from '../../../monitoring/drill/synthetic/case.ts';
import { type Draft, SHORT_WAITS, type Waits } from '../../../monitoring/drill/synthetic/draft.ts';
import { isolatingLabels } from '../../../monitoring/drill/synthetic/isolate.ts';
import { wallSampleMs } from '../../../monitoring/drill/synthetic/sampling.ts';
import type { Sources } from '../../../monitoring/drill/synthetic/selects.ts';
import { chooseClocks, type Pace, type UnitClock } from '../../../monitoring/drill/synthetic/unit-clock.ts';
import { type RuleUnit, unitsOf } from '../../../monitoring/drill/synthetic/units.ts';

export interface Drafted {
  readonly drafts: readonly Draft[];
  readonly undrillable: readonly Undrillable[];
}

/** What a rule that Prometheus itself would refuse is called by. */
const UNLOADABLE = /is a wrong template|does not take|cannot be read/;

/** Puts each alert on the fastest clock that it bears, and gives it a label that tells it from all others. */
export function draftCases(
  inputs: readonly CaseInput[],
  sources: Sources,
  pace: Pace,
  waits: Waits = SHORT_WAITS,
): Drafted {
  const units = unitsOf(
    inputs.map(({ rule }) => rule),
    sources,
  );
  const clocks = new Map<RuleUnit, UnitClock>();
  for (const component of Map.groupBy(units, (unit) => unit.component).values()) {
    for (const [unit, clock] of chooseClocks(component, pace)) clocks.set(unit, clock);
  }
  const byRule = new Map(units.flatMap((unit) => unit.rules.map((rule) => [rule.id, unit] as const)));
  const undrillable: Undrillable[] = [];
  const drafts = inputs.flatMap((input): Draft[] => {
    const { rule } = input;
    const behind = sources.behind(rule);
    const needed = [...new Set([...behind, rule].map(({ id }) => byRule.get(id) as RuleUnit))];
    const unit = byRule.get(rule.id) as RuleUnit;
    const { factor, limitedBy, wallEvaluationMs, wallLookbackMs, refused } = clocks.get(unit) as UnitClock;
    const refusal = [...behind, rule].flatMap(
      ({ id }) => clocks.get(byRule.get(id) as RuleUnit)?.refused.get(id) ?? [],
    )[0];
    if (refusal !== undefined) {
      const outcome = UNLOADABLE.test(refusal) ? 'fail' : 'inconclusive';
      undrillable.push({ rule, outcome, reason: `cannot run on a faster clock: ${refusal}` });
      return [];
    }
    const [label] = isolatingLabels(rule, sources);
    return [
      {
        id: `drill-${rule.id}`,
        input,
        unit,
        units: needed,
        rules: [...behind, rule],
        stepMs: pace.evaluationIntervalMs,
        soon: 1,
        clock: {
          factor,
          limitedBy,
          wallEvaluationMs,
          wallSampleMs: wallSampleMs(input, factor, wallEvaluationMs),
          wallLookbackMs: Math.max(wallLookbackMs, 4 * wallEvaluationMs),
        },
        waits,
        context: label === undefined || refused.has(rule.id) ? null : { label, value: `drill-${rule.id}` },
      },
    ];
  });
  return { drafts, undrillable };
}
