import { accepts } from '../audit/analysis/matchers.ts';
import type { Rule } from '../audit/rule-file/model.ts';
import { type Expr, type Matcher, type VectorSelector, walk } from '../promql/ast.ts';
import type { ReadExpression } from './expression.ts';

/** A rule with its expression, and which group it stands in. */
export interface LinkedRule {
  rule: Rule;
  read: ReadExpression;
  group: number;
}

/** The expression of a rule; null where it cannot be read. */
export function exprOf({ read }: LinkedRule): Expr | null {
  return 'expr' in read ? read.expr : null;
}

/** What Prometheus writes about alerts. */
const STATE_METRICS = ['ALERTS', 'ALERTS_FOR_STATE'];

/** For each rule, those whose recorded series or alert states it may read. */
export function producersOf(rules: readonly LinkedRule[]): ReadonlyMap<LinkedRule, readonly LinkedRule[]> {
  const byMetric = new Map<string, LinkedRule[]>();
  for (const linked of rules) {
    for (const metric of writtenMetrics(linked.rule)) {
      const writers = byMetric.get(metric) ?? [];
      writers.push(linked);
      byMetric.set(metric, writers);
    }
  }
  return new Map(
    rules.map((reader) => {
      const expr = exprOf(reader);
      const found = new Set<LinkedRule>();
      for (const node of expr === null ? [] : walk(expr)) {
        if (node.kind !== 'selector') continue;
        const candidates = node.name === null ? rules : (byMetric.get(node.name) ?? []);
        for (const candidate of candidates) if (mayRead(node, candidate.rule)) found.add(candidate);
      }
      return [reader, [...found]];
    }),
  );
}

/** Whether a selector may select series that a rule writes. What a template or a series puts into a label is not known. */
export function mayRead({ name, matchers }: VectorSelector, rule: Rule): boolean {
  const names = writtenMetrics(rule).filter((metric) => name === null || name === metric);
  const named = matchers.filter(({ label }) => label === '__name__');
  if (!names.some((metric) => named.every((matcher) => accepts(matcher, metric) !== false))) return false;
  return matchers.every((matcher) => matcher.label === '__name__' || !excludes(matcher, rule));
}

/**
 * Sets of groups that must share a clock, as one number for each group: those that read each other's series.
 * @param binds whether reading what a rule writes binds its reader to its clock.
 */
export function sharedClocks(
  groupCount: number,
  producers: ReadonlyMap<LinkedRule, readonly LinkedRule[]>,
  binds: (writer: LinkedRule) => boolean,
): number[] {
  const parents = Array.from({ length: groupCount }, (_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parents[at] !== undefined && parents[at] !== at) at = parents[at] ?? at;
    return at;
  };
  for (const [reader, writers] of producers) {
    for (const writer of writers) if (binds(writer)) parents[root(writer.group)] = root(reader.group);
  }
  return parents.map((_, index) => root(index));
}

function writtenMetrics({ kind, name }: Rule): readonly string[] {
  return kind === 'record' ? [name] : STATE_METRICS;
}

function excludes(matcher: Matcher, { kind, name, labels }: Rule): boolean {
  const known = kind === 'alert' && matcher.label === 'alertname' ? name : labels.get(matcher.label)?.text;
  return known !== undefined && !known.includes('{{') && accepts(matcher, known) === false;
}
