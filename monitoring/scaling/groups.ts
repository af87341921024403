import { stringify } from 'yaml';
import { readExpression } from '../audit/findings/read-expression.ts';
import { uniqueGroupNames } from '../audit/mutants/user-suites.ts';
import { parseRuleFile } from '../audit/rule-file/parse.ts';
import type { Rule as WrittenRule } from '../rules.ts';
import { sampleCounts } from './demands.ts';
import type { FiledGroup, GroupClock } from './group-clocks.ts';
import { exprOf, type LinkedRule } from './links.ts';
import { type Outcome, settle } from './settle.ts';
import type { NamedText, ScaledGroup, ScaledGroups, ScaledRule, ScaleGroupsOptions } from './types.ts';

/**
 * Rule files for faster clocks, one for each group: as fast as its shortest window and hold allow with the given distances of samples and
 * evaluations. Groups that read each other's series share a clock. A rule that cannot be scaled is left out and says why, and so do those
 * that read what it records. Files may be plain or hold PrometheusRule resources.
 */
export function scaleRuleGroups(files: readonly NamedText[], options: ScaleGroupsOptions): ScaledGroups {
  const parsed = files.map(({ name, text }) => parseRuleFile({ path: name, text }));
  const groups = parsed.flatMap(({ file }): FiledGroup[] =>
    file.groups.map((group) => ({
      file: file.path,
      group,
      intervalMs: group.intervalMs ?? options.evaluationIntervalMs,
    })),
  );
  const linked = groups.flatMap(({ group: { rules } }, group) =>
    rules.map((rule): LinkedRule => ({ rule, read: readExpression(rule.expr.text), group })),
  );
  const { clocks, outcomes } = settle(groups, linked, options);
  const names = namesOf(groups);
  const scaled = groups.map(({ file, group }, index) => ({
    file,
    group: group.name,
    scaledName: names[index] ?? group.name,
    ...(clocks[index] as GroupClock),
    rules: linked.filter((rule) => rule.group === index).map((rule) => reported(rule, outcomes.get(rule))),
  }));
  const written = (index: number) =>
    linked.filter((rule) => rule.group === index).flatMap((rule) => writtenRule(outcomes.get(rule)) ?? []);
  return {
    files: files.flatMap(({ name }) => {
      const own = groups.flatMap((group, index) => (group.file === name ? [{ group, index }] : []));
      const content = own.flatMap(({ group, index }) => scaledGroup(group, scaled[index], written(index)));
      return content.length === 0 ? [] : [{ name, text: toYaml({ groups: content }) }];
    }),
    groups: scaled,
    wallLookbackMs: Math.max(0, ...clocks.map(({ wallLookbackMs }) => wallLookbackMs)),
    problems: parsed.flatMap(({ problems }) =>
      problems.map(({ file, line, column, rule, fix }) => `${file}:${line}:${column}: ${rule}; ${fix}`),
    ),
  };
}

function reported(linked: LinkedRule, outcome: Outcome | undefined): ScaledRule {
  const { rule } = linked;
  const expr = exprOf(linked);
  const refused = outcome !== undefined && 'refused' in outcome ? outcome.refused : null;
  return {
    kind: rule.kind,
    name: rule.name,
    refused,
    notCompared: outcome !== undefined && 'written' in outcome ? outcome.notCompared : [],
    countsSamples: refused !== null || expr === null ? [] : [...new Set(sampleCounts(expr).map(({ func }) => func))],
  };
}

function writtenRule(outcome: Outcome | undefined): WrittenRule | null {
  return outcome !== undefined && 'written' in outcome ? outcome.written : null;
}

function scaledGroup({ group }: FiledGroup, scaled: ScaledGroup | undefined, rules: readonly WrittenRule[]) {
  if (scaled === undefined || rules.length === 0) return [];
  return [
    {
      name: scaled.scaledName,
      interval: `${scaled.wallIntervalMs}ms`,
      ...(group.queryOffsetMs === null ? {} : { query_offset: `${Math.round(group.queryOffsetMs / scaled.factor)}ms` }),
      ...(group.limit === 0 ? {} : { limit: group.limit }),
      rules,
    },
  ];
}

/** Names that are unique in their file, as Prometheus demands. */
function namesOf(groups: readonly FiledGroup[]): string[] {
  const named = groups.map(({ group, file }, index) => ({ file, index, name: group.name || `group ${index + 1}` }));
  return [...Map.groupBy(named, ({ file }) => file).values()]
    .flatMap((own) => uniqueGroupNames(own))
    .sort((a, b) => a.index - b.index)
    .map(({ name }) => name);
}

function toYaml(content: unknown): string {
  return stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
}
