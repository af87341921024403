import { type FiledGroup, groupClocks } from './group-clocks.ts';
import { type LinkedRule, producersOf } from './links.ts';
import { scaleRule } from './rule.ts';
import type { Refusal, ScaleGroupsOptions } from './types.ts';

/** A rule on its clock, or why it has none. */
export type Outcome = ReturnType<typeof scaleRule>;

/** Clocks and rules on them. What turns out not to run slows no other rule down, so clocks are chosen once more without it. */
export function settle(groups: readonly FiledGroup[], linked: readonly LinkedRule[], options: ScaleGroupsOptions) {
  const all = producersOf(linked);
  const refused = new Map<LinkedRule, Refusal>();
  for (;;) {
    const kept = linked.filter((rule) => !refused.has(rule));
    const producers = new Map(kept.map((rule) => [rule, (all.get(rule) ?? []).filter((other) => !refused.has(other))]));
    const clocks = groupClocks(groups, producers, options);
    const before = refused.size;
    const outcomes = new Map(
      linked.map((rule): [LinkedRule, Outcome] => {
        const known = refused.get(rule);
        if (known !== undefined) return [rule, { refused: known }];
        const { group } = rule;
        const outcome = scaleRule(rule, {
          factor: 1,
          clock: null,
          wallIntervalMs: 1,
          ...clocks[group],
          evaluationIntervalMs: options.evaluationIntervalMs,
          intervalMs: groups[group]?.intervalMs ?? options.evaluationIntervalMs,
        });
        if ('refused' in outcome) refused.set(rule, outcome.refused);
        return [rule, outcome];
      }),
    );
    refuseReaders(all, refused);
    if (refused.size === before) return { clocks, outcomes };
  }
}

/** Who reads what a refused rule would record reads nothing, and who watches only alerts that are refused watches nothing. */
function refuseReaders(
  producers: ReadonlyMap<LinkedRule, readonly LinkedRule[]>,
  refused: Map<LinkedRule, Refusal>,
): void {
  for (let before = -1; before !== refused.size; ) {
    before = refused.size;
    for (const [reader, sources] of producers) {
      if (refused.has(reader)) continue;
      const alerts = sources.filter(({ rule }) => rule.kind === 'alert');
      const missing =
        sources.find((source) => source.rule.kind === 'record' && refused.has(source)) ??
        (alerts.every((alert) => refused.has(alert)) ? alerts[0] : undefined);
      if (missing !== undefined)
        refused.set(reader, { construct: missing.rule.name, reason: 'is read, and cannot be scaled itself' });
    }
  }
}
