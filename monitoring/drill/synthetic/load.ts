import { readsClock } from '../../audit/witness/clockwork.ts';
import type { SyntheticCase } from './case.ts';
import type { Placement } from './clock.ts';
import type { DrillRule } from './rule.ts';
import { onClock } from './unit-clock.ts';

/** A rule group as a rule file of the drill holds it. */
export interface LoadedGroup {
  readonly name: string;
  readonly interval: string;
  readonly limit?: number;
  readonly rules: readonly object[];
}

export interface LoadOptions {
  /** For rules that read the time: where the clock of their case begins. */
  readonly placements: ReadonlyMap<string, Placement>;
  /** What is run in the place of a rule: the deployed one, or null where none is deployed. Rules that are not named run as they are. */
  readonly deployed: ReadonlyMap<number, DrillRule | null>;
  readonly evaluationIntervalMs: number;
}

/** The groups of some cases: each alert with all that it reads, on the clock of its case. */
export function loadedGroups(
  cases: readonly SyntheticCase[],
  { placements, deployed, evaluationIntervalMs }: LoadOptions,
): LoadedGroup[] {
  const wanted = new Set(cases.map(({ rule }) => rule.id));
  const groups = new Map<string, LoadedGroup>();
  for (const each of cases) {
    const placement = placements.get(each.id);
    const { factor, wallEvaluationMs } = each.clock;
    const clock =
      placement === undefined ? null : { startMs: placement.wallMs, factor, virtualStartMs: placement.fromMs };
    for (const { name, rules } of each.units) {
      if (groups.has(name)) continue;
      const own = rules.filter((rule) => rule.kind === 'record' || wanted.has(rule.id));
      const written = own.flatMap((rule) => {
        const run = deployed.get(rule.id);
        if (run === null) return [];
        const outcome = onClock(
          run ?? rule,
          each.clock,
          readsClock((run ?? rule).ast) ? (clock ?? anyTime(factor)) : null,
          evaluationIntervalMs,
        );
        return 'written' in outcome ? [outcome.written] : [];
      });
      const limit = rules[0]?.limit ?? 0;
      groups.set(name, { name, interval: `${wallEvaluationMs}ms`, ...(limit === 0 ? {} : { limit }), rules: written });
    }
  }
  return [...groups.values()].filter(({ rules }) => rules.length > 0);
}

function anyTime(factor: number) {
  return { startMs: 0, factor, virtualStartMs: 0 };
}
