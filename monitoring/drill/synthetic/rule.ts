import { type Problem, type SourceFile, sortProblems } from '../../../thresholds/load/problem.ts';
import { readExpression } from '../../audit/findings/read-expression.ts';
import { placeIn, type Rule, type RuleGroup } from '../../audit/rule-file/model.ts';
import { parseRuleFile } from '../../audit/rule-file/parse.ts';
import type { Expr } from '../../promql/ast.ts';

/** A rule as the drill runs it. */
export interface DrillRule {
  /** Its number among all rules of the drill. */
  readonly id: number;
  readonly kind: 'alert' | 'record';
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly group: string;
  /** Number of its group among all groups of the drill. */
  readonly groupId: number;
  readonly groupIntervalMs: number | null;
  readonly limit: number;
  readonly queryOffsetMs: number | null;
  readonly expr: string;
  readonly ast: Expr;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** As it was read, with places. */
  readonly source: Rule;
}

/** An alert whose expression Prometheus would refuse. */
export interface UnreadableAlert {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly group: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly reason: string;
}

export interface DrillRules {
  readonly rules: readonly DrillRule[];
  readonly unreadable: readonly UnreadableAlert[];
  /** What is wrong with the files, with places; the rest of them is read in spite of it. */
  readonly problems: readonly Problem[];
}

/** Reads rule files, plain or PrometheusRule resources. Files of unit tests and other resources hold no rules and are passed over. */
export function readDrillRules(files: readonly SourceFile[]): DrillRules {
  const rules: DrillRule[] = [];
  const unreadable: UnreadableAlert[] = [];
  const problems: Problem[] = [];
  let groupId = 0;
  for (const source of files) {
    const { kind, file, problems: own } = parseRuleFile(source);
    if (kind !== 'rules') continue;
    problems.push(...own);
    for (const group of file.groups) {
      for (const rule of group.rules) {
        const result = readExpression(rule.expr.text);
        if ('expr' in result) {
          rules.push({ ...drillRule(file.path, group, rule), id: rules.length, groupId, ast: result.expr });
          continue;
        }
        const { line, column } = placeIn(rule.expr, result.error.from);
        const reason = `${file.path}:${line}:${column}: not PromQL: ${result.error.message}`;
        problems.push({
          file: file.path,
          line,
          column,
          length: 1,
          path: `${group.name}.${rule.name}.expr`,
          rule: result.error.message,
          fix: 'correct the expression',
        });
        if (rule.kind === 'alert') {
          const { name, labels } = rule;
          unreadable.push({
            name,
            file: file.path,
            line: rule.place.line,
            group: group.name,
            labels: texts(labels),
            reason,
          });
        }
      }
      groupId += 1;
    }
  }
  return { rules, unreadable, problems: sortProblems(problems) };
}

function drillRule(file: string, group: RuleGroup, rule: Rule): Omit<DrillRule, 'id' | 'groupId' | 'ast'> {
  const { kind, name, place, expr, forMs, keepFiringForMs, labels, annotations } = rule;
  return {
    kind,
    name,
    file,
    line: place.line,
    group: group.name,
    groupIntervalMs: group.intervalMs,
    limit: group.limit,
    queryOffsetMs: group.queryOffsetMs,
    expr: expr.text,
    forMs,
    keepFiringForMs,
    labels: texts(labels),
    annotations: texts(annotations),
    source: rule,
  };
}

function texts(entries: ReadonlyMap<string, { text: string }>): Record<string, string> {
  return Object.fromEntries([...entries].map(([name, { text }]) => [name, text]));
}
