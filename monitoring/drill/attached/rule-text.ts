import { stringify } from 'yaml';
import type { SourceFile } from '../../../thresholds/load/problem.ts';
import { printDuration } from '../../promql/print.ts';

/** A rule group as Prometheus's `/api/v1/rules` tells of it; durations in seconds. */
export interface LiveGroup {
  readonly name: string;
  readonly file: string;
  readonly interval: number;
  readonly limit?: number;
  readonly rules: readonly LiveRule[];
}

export interface LiveRule {
  readonly type: 'alerting' | 'recording';
  readonly name: string;
  readonly query: string;
  readonly duration?: number;
  readonly keepFiringFor?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The rule files that a running Prometheus evaluates, as text again: one file for each of its own, by the same name. */
export function liveRuleFiles(groups: readonly LiveGroup[]): SourceFile[] {
  return [...Map.groupBy(groups, ({ file }) => file)].map(([path, own]) => ({
    path,
    text: stringify({ groups: own.map(groupText) }, { lineWidth: 0, aliasDuplicateObjects: false }),
  }));
}

function groupText({ name, interval, limit = 0, rules }: LiveGroup): object {
  return { name, interval: seconds(interval), ...(limit > 0 ? { limit } : {}), rules: rules.map(ruleText) };
}

function ruleText({ type, name, query, duration = 0, keepFiringFor = 0, labels = {}, annotations = {} }: LiveRule) {
  return {
    [type === 'alerting' ? 'alert' : 'record']: name,
    expr: query,
    ...(duration > 0 ? { for: seconds(duration) } : {}),
    ...(keepFiringFor > 0 ? { keep_firing_for: seconds(keepFiringFor) } : {}),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(type === 'alerting' && Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
}

function seconds(value: number): string {
  return printDuration(Math.round(value * 1_000));
}
