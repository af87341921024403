import { printDuration } from '../../promql/print.ts';
import type { RuleGroup as DerivedGroup, Rule as DerivedRule } from '../../rules.ts';
import type { Rule, RuleGroup } from '../rule-file/model.ts';
import type { MutableRule, RuleChange } from './mutant.ts';

/** A rule as it stands in a rule file. */
export type PlainRule = DerivedRule;

export interface PlainGroup extends DerivedGroup {
  limit?: number;
}

/** A rule as Prometheus reads it. */
export function plainRule(rule: Rule): PlainRule {
  const texts = (map: Rule['labels']) => Object.fromEntries([...map].map(([name, { text }]) => [name, text]));
  return {
    [rule.kind]: rule.name,
    expr: rule.expr.text,
    ...(rule.forMs === 0 ? {} : { for: printDuration(rule.forMs) }),
    ...(rule.keepFiringForMs === 0 ? {} : { keep_firing_for: printDuration(rule.keepFiringForMs) }),
    ...(rule.labels.size === 0 ? {} : { labels: texts(rule.labels) }),
    ...(rule.annotations.size === 0 ? {} : { annotations: texts(rule.annotations) }),
  };
}

/** A group as Prometheus reads it. */
export function plainGroup({ name, intervalMs, limit, rules }: RuleGroup): PlainGroup {
  return {
    name,
    ...(intervalMs === null ? {} : { interval: printDuration(intervalMs) }),
    ...(limit === 0 ? {} : { limit }),
    rules: rules.map(plainRule),
  };
}

/** A rule with a change, under the name that tells it from the others in one file. */
export function changedRule(rule: PlainRule, change: RuleChange, name: string): PlainRule {
  const { for: held, keep_firing_for: kept, ...rest } = rule;
  const forMs = change.forMs;
  const keepMs = change.keepFiringForMs;
  return {
    ...rest,
    alert: name,
    expr: change.expr ?? rule.expr,
    ...duration('for', forMs, held),
    ...duration('keep_firing_for', keepMs, kept),
    ...(change.labels === undefined ? {} : { labels: { ...change.labels } }),
  };
}

/** What mutation reads of a rule whose expression parses. */
export function mutableRule(rule: Rule, ast: MutableRule['ast']): MutableRule {
  return {
    alert: rule.name,
    expr: rule.expr.text,
    ast,
    forMs: rule.forMs,
    keepFiringForMs: rule.keepFiringForMs,
    labels: Object.fromEntries([...rule.labels].map(([name, { text }]) => [name, text])),
    showsValue: [...rule.labels.values(), ...rule.annotations.values()].some(({ text }) =>
      /\$value|\.Value/.test(text),
    ),
  };
}

function duration(key: 'for' | 'keep_firing_for', changedMs: number | undefined, before: string | undefined) {
  if (changedMs === undefined) return before === undefined ? {} : { [key]: before };
  return changedMs === 0 ? {} : { [key]: printDuration(changedMs) };
}
