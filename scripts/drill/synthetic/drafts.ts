import { readsClock } from '../../../monitoring/audit/witness/clockwork.ts';
import type { CaseInput, Undrillable } from '../../../monitoring/drill/synthetic/case.ts';
import type { Placement } from '../../../monitoring/drill/synthetic/clock.ts';
import type { Draft } from '../../../monitoring/drill/synthetic/draft.ts';
import { isolatingLabels } from '../../../monitoring/drill/synthetic/isolate.ts';
import { type Pace, type ScaledUnit, scaleUnits } from '../../../monitoring/drill/synthetic/scaled-units.ts';
import type { Sources } from '../../../monitoring/drill/synthetic/selects.ts';
import { type RuleUnit, unitsOf } from '../../../monitoring/drill/synthetic/units.ts';

export interface Drafted {
  readonly drafts: readonly Draft[];
  /** Every unit that a draft needs, by name. */
  readonly scaled: ReadonlyMap<string, ScaledUnit>;
  readonly undrillable: readonly Undrillable[];
}

/** Puts each alert on the fastest clock that it bears, and gives it a label that tells it from all others. */
export function draftCases(inputs: readonly CaseInput[], sources: Sources, pace: Pace): Drafted {
  const units = unitsOf(
    inputs.map(({ rule }) => rule),
    sources,
  );
  const scaled = new Map<string, ScaledUnit>();
  for (const component of Map.groupBy(units, (unit) => unit.component).values()) {
    for (const each of scaleUnits(component, pace, anyClock)) scaled.set(each.unit.name, each);
  }
  const undrillable: Undrillable[] = [];
  const drafts = inputs.flatMap((input): Draft[] => {
    const { rule } = input;
    const unit = units.find(({ rules }) => rules.includes(rule)) as RuleUnit;
    const own = scaled.get(unit.name) as ScaledUnit;
    const refusal = own.refused.get(rule.id);
    if (refusal !== undefined) {
      undrillable.push({ rule, outcome: 'inconclusive', reason: `cannot run on a faster clock: ${refusal}` });
      return [];
    }
    const { factor, limitedBy, wallEvaluationMs } = own;
    const [label] = isolatingLabels(rule, sources);
    return [
      {
        id: `drill-${rule.id}`,
        input,
        unit,
        rules: [...sources.behind(rule), rule],
        stepMs: pace.evaluationIntervalMs,
        clock: { factor, limitedBy, wallEvaluationMs, wallSampleMs: Math.max(1, Math.floor(input.intervalMs / factor)) },
        context: label === undefined ? null : { label, value: `drill-${rule.id}` },
      },
    ];
  });
  return { drafts, scaled, undrillable };
}

/** To choose factors, any time will do. */
function anyClock(factor: number) {
  return { startMs: 0, factor, virtualStartMs: 0 };
}

/** A unit with the time of its case in the rules that read it. */
export function onClock(scaled: ScaledUnit, placement: Placement | undefined, pace: Pace): ScaledUnit {
  const { unit, factor } = scaled;
  if (placement === undefined || !unit.rules.some(({ ast }) => readsClock(ast))) return scaled;
  const clock = { startMs: placement.wallMs, factor, virtualStartMs: placement.fromMs };
  const [again] = scaleUnits([unit], { ...pace, maxFactor: factor }, () => clock);
  return again ?? scaled;
}
