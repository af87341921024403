import { lookbackOf } from '../../../monitoring/audit/witness/clockwork.ts';
import type { CaseInput, SyntheticCase } from '../../../monitoring/drill/synthetic/case.ts';
import { clockAlone } from '../../../monitoring/drill/synthetic/draft.ts';
import type { Sources } from '../../../monitoring/drill/synthetic/selects.ts';
import type { Pace } from '../../../monitoring/drill/synthetic/unit-clock.ts';
import { unitsOf } from '../../../monitoring/drill/synthetic/units.ts';
import type { DrillMode } from '../../../thresholds/verdict.ts';
import { draftCases } from './drafts.ts';
import type { OracleOptions } from './oracle.ts';
import { type Planned, planCases } from './plan.ts';

/** A case that takes longer than this is tried on a faster clock. */
const LONG_MS = 12_000;
/** How much faster: where nothing but the given limit holds it back, and then by evaluating more often. */
const LADDER: readonly (Partial<Pace> & { readonly evaluationsPer?: number })[] = [
  { maxFactor: 24_000 },
  { maxFactor: 24_000, evaluationsPer: 2 },
  { maxFactor: 24_000, evaluationsPer: 4 },
];
/** Evaluations of one rule over its longest window that promtool is asked for, if nothing else forbids to skip some. */
const EVALUATIONS_IN_LOOKBACK = 100;
/** What the calendar alone decides must last long enough to be delivered. */
const CALENDAR_FACTOR = 300;

/** Plans cases at a pace, and those that would take long at a faster one. */
export async function planAtPace(
  inputs: readonly CaseInput[],
  sources: Sources,
  pace: Pace,
  modeOf: (input: CaseInput) => DrillMode,
  oracle: OracleOptions,
): Promise<Planned> {
  const [calendar, others] = [inputs.filter(clockAlone), inputs.filter((input) => !clockAlone(input))];
  const components = componentsOf(others, sources);
  const best = new Map<number, Planned>();
  await take(components, pace);
  for (const { evaluationsPer = 1, ...faster } of LADDER) {
    const slow = components.filter((_, index) => longest(best.get(index)) > LONG_MS);
    if (slow.length === 0) break;
    await take(slow, { ...pace, ...faster, wallEvaluationMs: Math.ceil(pace.wallEvaluationMs / evaluationsPer) });
  }
  const all = [...best.values(), await plan(calendar, { ...pace, maxFactor: CALENDAR_FACTOR })];
  return {
    cases: all.flatMap(({ cases }) => cases).toSorted((a, b) => a.rule.id - b.rule.id),
    undrillable: all.flatMap(({ undrillable }) => undrillable),
  };

  async function plan(some: readonly CaseInput[], at: Pace): Promise<Planned> {
    const drafted = componentsOf(some, sources).map((members) =>
      draftCases(members, sources, forLookback(members, at)),
    );
    const drafts = drafted.flatMap((each) => each.drafts);
    const found = await planCases(drafts, modeOf, oracle);
    return { cases: found.cases, undrillable: [...drafted.flatMap((each) => each.undrillable), ...found.undrillable] };
  }

  /** Plans whole components: what reads each other's series runs on one clock. */
  async function take(some: readonly (readonly CaseInput[])[], at: Pace): Promise<void> {
    const found = await plan(some.flat(), at);
    for (const members of some) {
      const ids = new Set(members.map(({ rule }) => rule.id));
      const own: Planned = {
        cases: found.cases.filter(({ rule }) => ids.has(rule.id)),
        undrillable: found.undrillable.filter(({ rule }) => ids.has(rule.id)),
      };
      const index = components.indexOf(members);
      const known = best.get(index);
      if (known === undefined || (missing(own) <= missing(known) && longest(own) < longest(known)))
        best.set(index, own);
    }
  }
}

/** A window of a month is looked at as often as one of a day. */
function forLookback(members: readonly CaseInput[], pace: Pace): Pace {
  const lookback = Math.max(...members.map(({ searched }) => lookbackOf(searched)));
  const needed = Math.ceil(lookback / (EVALUATIONS_IN_LOOKBACK * pace.wallEvaluationMs));
  return { ...pace, maxFactor: Math.max(pace.maxFactor, needed) };
}

function componentsOf(inputs: readonly CaseInput[], sources: Sources): (readonly CaseInput[])[] {
  const units = unitsOf(
    inputs.map(({ rule }) => rule),
    sources,
  );
  const component = new Map(units.flatMap((unit) => unit.rules.map(({ id }) => [id, unit.component] as const)));
  return [...Map.groupBy(inputs, ({ rule }) => component.get(rule.id)).values()];
}

/** How much of the cases is left out. */
function missing({ cases, undrillable }: Planned): number {
  return cases.reduce((sum, { limits }) => sum + limits.length, 0) + 10 * undrillable.length;
}

function longest(planned: Planned | undefined): number {
  return Math.max(0, ...(planned?.cases ?? []).map(liveMs));
}

/** Wall time for which a case is played. */
export function liveMs({ endMs, liveFromMs, clock }: SyntheticCase): number {
  return (endMs - liveFromMs) / clock.factor;
}
