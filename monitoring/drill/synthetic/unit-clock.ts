import { readExpression } from '../../audit/findings/read-expression.ts';
import { scaleRuleGroups } from '../../scaling/groups.ts';
import { scaleRule } from '../../scaling/rule.ts';
import type { VirtualClock } from '../../scaling/types.ts';
import type { DrillRule } from './rule.ts';
import { type RuleUnit, unitText } from './units.ts';

/** For which clocks the rules were written, and how fast the drill's own may be. */
export interface Pace {
  readonly scrapeIntervalMs: number;
  readonly evaluationIntervalMs: number;
  /** Smallest wall distance of evaluations, and of samples: these are written ahead of time, so that they may be close. */
  readonly wallEvaluationMs: number;
  readonly wallSampleMs: number;
  /** Where nothing else limits the speed. */
  readonly maxFactor: number;
}

/** How fast a unit runs. */
export interface UnitClock {
  readonly factor: number;
  readonly limitedBy: string;
  readonly wallEvaluationMs: number;
  readonly wallLookbackMs: number;
  /** Rules that cannot run on it, by number, and why. */
  readonly refused: ReadonlyMap<number, string>;
}

/** Prometheus's own look-back. */
const LOOKBACK_MS = 300_000;

/** The fastest clock that the units of one component bear together. */
export function chooseClocks(units: readonly RuleUnit[], pace: Pace): Map<RuleUnit, UnitClock> {
  const files = units.map((unit) => ({ name: unit.name, text: unitText(unit) }));
  const scale = (maxFactor: number) =>
    scaleRuleGroups(files, {
      scrapeIntervalMs: pace.scrapeIntervalMs,
      evaluationIntervalMs: pace.evaluationIntervalMs,
      wallScrapeMs: pace.wallSampleMs,
      wallEvaluationMs: pace.wallEvaluationMs,
      maxFactor,
      alertStatesWritten: true,
      clock: (factor) => ({ startMs: 0, factor, virtualStartMs: 0 }),
      lookbackMs: LOOKBACK_MS,
    });
  let scaled = scale(pace.maxFactor);
  // promtool counts in whole milliseconds, also between two evaluations of a slowed-down drill.
  const fraction = scaled.groups[0]?.factor ?? 1;
  if (!Number.isInteger(fraction) && fraction > 2) scaled = scale(Math.floor(fraction));
  return new Map(
    units.map((unit) => {
      const group = scaled.groups.find(({ file }) => file === unit.name);
      const refused = unit.rules.flatMap(({ id }, index): [number, string][] => {
        const refusal = group?.rules[index]?.refused;
        return refusal == null ? [] : [[id, `${refusal.construct} ${refusal.reason}`]];
      });
      const clock: UnitClock = {
        factor: group?.factor ?? 1,
        limitedBy: group?.limitedBy ?? '',
        wallEvaluationMs: group?.wallIntervalMs ?? pace.wallEvaluationMs,
        wallLookbackMs: group?.wallLookbackMs ?? LOOKBACK_MS,
        refused: new Map(refused),
      };
      return [unit, clock];
    }),
  );
}

/** A rule as a rule file of the drill holds it, or why it cannot be in it. `clock` is for rules that read the time. */
export function onClock(
  rule: DrillRule,
  { factor, wallEvaluationMs }: Pick<UnitClock, 'factor' | 'wallEvaluationMs'>,
  clock: VirtualClock | null,
  evaluationIntervalMs: number,
): { written: object } | { refused: string } {
  const intervalMs = rule.groupIntervalMs ?? evaluationIntervalMs;
  const outcome = scaleRule(
    { rule: rule.source, read: readExpression(rule.expr) },
    { factor, clock, evaluationIntervalMs, intervalMs, wallIntervalMs: wallEvaluationMs },
  );
  if ('written' in outcome) return { written: outcome.written };
  return { refused: `${outcome.refused.construct} ${outcome.refused.reason}` };
}
