import { parse } from 'yaml';
import { scaleRuleGroups } from '../../scaling/groups.ts';
import type { ScaledGroup, VirtualClock } from '../../scaling/types.ts';
import type { RuleUnit } from './units.ts';
import { unitText } from './units.ts';

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

/** A unit on its fast clock. */
export interface ScaledUnit {
  readonly unit: RuleUnit;
  readonly factor: number;
  readonly limitedBy: string;
  readonly wallEvaluationMs: number;
  readonly wallLookbackMs: number;
  /** The scaled rules as a rule file holds them, by number of the rule; refused ones are missing. */
  readonly rules: ReadonlyMap<number, Readonly<Record<string, unknown>>>;
  readonly refused: ReadonlyMap<number, string>;
  /** By number of the rule: what of it is right only with samples as they are scraped. */
  readonly countsSamples: boolean;
  /** `query_offset` and `limit`. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Scales the units of one component. `clock` is for rules that read the time. */
export function scaleUnits(
  units: readonly RuleUnit[],
  pace: Pace,
  clock: (factor: number) => VirtualClock | null,
): ScaledUnit[] {
  const files = units.map((unit) => ({ name: unit.name, text: unitText(unit, pace.evaluationIntervalMs) }));
  const scale = (maxFactor: number) =>
    scaleRuleGroups(files, {
      scrapeIntervalMs: pace.scrapeIntervalMs,
      evaluationIntervalMs: pace.evaluationIntervalMs,
      wallScrapeMs: pace.wallSampleMs,
      wallEvaluationMs: pace.wallEvaluationMs,
      maxFactor,
      clock,
      lookbackMs: LOOKBACK_MS,
    });
  let scaled = scale(pace.maxFactor);
  // promtool counts in whole milliseconds, also between two evaluations of a slowed-down drill.
  const fraction = scaled.groups[0]?.factor ?? 1;
  if (!Number.isInteger(fraction) && fraction > 2) scaled = scale(Math.floor(fraction));
  const texts = new Map(scaled.files.map(({ name, text }) => [name, text]));
  return units.map((unit) =>
    scaledUnit(
      unit,
      scaled.groups.find(({ file }) => file === unit.name),
      texts.get(unit.name),
    ),
  );
}

/** Prometheus's own look-back. */
export const LOOKBACK_MS = 300_000;

function scaledUnit(unit: RuleUnit, group: ScaledGroup | undefined, text: string | undefined): ScaledUnit {
  const [written = { rules: [] }] = text === undefined ? [] : (parse(text) as { groups: { rules: object[] }[] }).groups;
  const {
    name: _name,
    interval: _interval,
    rules: entries,
    ...settings
  } = written as Record<string, unknown> & {
    rules: Readonly<Record<string, unknown>>[];
  };
  const rules = new Map<number, Readonly<Record<string, unknown>>>();
  const refused = new Map<number, string>();
  let next = 0;
  for (const [index, rule] of unit.rules.entries()) {
    const refusal = group?.rules[index]?.refused;
    const entry = refusal == null ? entries[next] : undefined;
    if (entry !== undefined) {
      next += 1;
      rules.set(rule.id, entry);
    } else
      refused.set(
        rule.id,
        refusal == null ? 'it is not in the scaled file' : `${refusal.construct}: ${refusal.reason}`,
      );
  }
  return {
    unit,
    factor: group?.factor ?? 1,
    limitedBy: group?.limitedBy ?? '',
    wallEvaluationMs: group?.wallIntervalMs ?? 0,
    wallLookbackMs: group?.wallLookbackMs ?? 0,
    rules,
    refused,
    countsSamples: group?.rules.some(({ countsSamples }) => countsSamples.length > 0) ?? false,
    settings,
  };
}
