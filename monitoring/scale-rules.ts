import { parse } from 'yaml';
import { generatedYaml } from './header.ts';
import { scaleDuration } from './promql/duration.ts';
import type { Rule, RuleFile } from './rules.ts';
import { scaleExpression } from './scaling/expression.ts';
import { refusalText } from './scaling/refusal.ts';
import type { VirtualClock } from './scaling/types.ts';

/** A rule that cannot run on a faster clock, and why. */
export interface RefusedRule {
  group: string;
  rule: string;
  reason: string;
}

export interface ScaledRules {
  /** The rule file for the faster clock, without the refused rules. */
  text: string;
  refused: RefusedRule[];
}

export interface ScaleRulesOptions {
  /** Virtual time for what reads the time; refused without it. */
  clockOf?: (factor: number) => VirtualClock;
  /** The factor of one alert where it is not that of all. */
  factorOf?: (group: string, alert: string) => number | undefined;
}

/**
 * Divides every duration of a rule file by one factor: expressions, `for`, `keep_firing_for`, group intervals. Limits stay. For a server whose own
 * intervals are divided by it as well.
 */
export function scaleRules(
  ruleFile: string,
  factor: number,
  { clockOf, factorOf }: ScaleRulesOptions = {},
): ScaledRules {
  const file = parse(ruleFile) as RuleFile;
  const refused: RefusedRule[] = [];
  const groups = (file.groups ?? []).map(({ interval, rules, ...group }) => ({
    ...group,
    ...scaledDurations({ interval }, factor),
    rules: (rules ?? []).flatMap((rule) => {
      const own = (rule.alert === undefined ? undefined : factorOf?.(group.name, rule.alert)) ?? factor;
      const scaled = scaleRule(rule, own, clockOf?.(own) ?? null);
      if ('expr' in scaled) return [scaled];
      refused.push({ group: group.name, rule: rule.alert ?? rule.record ?? '', reason: scaled.refused });
      return [];
    }),
  }));
  return { text: generatedYaml({ groups }), refused };
}

function scaleRule(rule: Rule, factor: number, clock: VirtualClock | null): Rule | { refused: string } {
  const scaled = scaleExpression(rule.expr, { factor, clock, evaluationIntervalMs: null });
  if ('refused' in scaled) return { refused: refusalText(scaled.refused) };
  const { for: hold, keep_firing_for } = rule;
  return { ...rule, expr: scaled.expr, ...scaledDurations({ for: hold, keep_firing_for }, factor) };
}

/** The durations that are set, each divided by `factor`; one that would fall under a millisecond becomes one. */
export function scaledDurations<K extends string>(
  durations: Readonly<Record<K, string | undefined>>,
  factor: number,
): Partial<Record<K, string>> {
  const scaled: Partial<Record<K, string>> = {};
  for (const key in durations) {
    const duration = durations[key];
    if (duration !== undefined) scaled[key] = scaleDuration(duration, factor) ?? '1ms';
  }
  return scaled;
}
