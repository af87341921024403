import type { Expr } from '../../promql/ast.ts';
import { placeIn, type RuleFile } from '../rule-file/model.ts';
import { CHECKS } from './checks.ts';
import type { AuditedRule, AuditOptions, Detection, Finding, Severity } from './finding.ts';
import { readExpression } from './read-expression.ts';
import { RuleSet } from './rule-set.ts';
import { syntaxFinding } from './syntax.ts';

/** A rule with what was found about it; `expr` is null where the expression is no PromQL. */
export interface RuleFindings extends Omit<AuditedRule, 'expr'> {
  expr: Expr | null;
  findings: readonly Finding[];
}

/** Looks at every rule of some files, in their order. Findings of a rule: errors first, then by place. */
export function findAll(files: readonly RuleFile[], options: AuditOptions): RuleFindings[] {
  const read = files.flatMap(({ path, groups }) =>
    groups.flatMap((group) =>
      group.rules.map((rule) => ({ file: path, group, rule, result: readExpression(rule.expr.text) })),
    ),
  );
  const all = new RuleSet(
    read.flatMap(({ result, ...entry }) => ('expr' in result ? { ...entry, expr: result.expr } : [])),
  );
  return read.map(({ result, ...rest }) => {
    if ('error' in result) return { ...rest, expr: null, findings: [syntaxFinding(rest.rule, result.error)] };
    const entry = { ...rest, expr: result.expr };
    const findings = Object.entries(CHECKS).flatMap(([id, check]) =>
      check.detect({ ...entry, all, options }).map((detection) => toFinding(id, check.severity, entry, detection)),
    );
    return { ...entry, findings: sortFindings(findings) };
  });
}

/** Errors first, then by place. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const rank: Record<Severity, number> = { error: 0, advice: 1 };
  return findings.toSorted(
    (a, b) => rank[a.severity] - rank[b.severity] || a.place.line - b.place.line || a.place.column - b.place.column,
  );
}

function toFinding(id: string, severity: Severity, { rule }: AuditedRule, detection: Detection): Finding {
  const { at } = detection;
  const { place, length } =
    'line' in at
      ? { place: { file: at.file, line: at.line, column: at.column }, length: at.length }
      : { place: placeIn(rule.expr, at.from), length: at.to - at.from };
  return {
    id,
    severity: detection.severity ?? severity,
    place,
    length,
    explanation: detection.explanation,
    fix: detection.fix ?? null,
    related: (detection.related ?? []).map((other) => ({ name: other.rule.name, place: other.rule.place })),
  };
}
