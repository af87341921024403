import { children, type Expr, walk } from '../../promql/ast.ts';
import { parsePromql } from '../../promql/parse.ts';
import { placeIn, type RuleFile } from '../rule-file/model.ts';
import { CHECKS } from './checks.ts';
import type { AuditedRule, AuditOptions, Detection, Finding, Severity } from './finding.ts';
import { RuleSet } from './rule-set.ts';
import { syntaxFinding } from './syntax.ts';

/** A rule with what was found about it; `expr` is null where the expression is no PromQL. */
export interface RuleFindings extends Omit<AuditedRule, 'expr'> {
  expr: Expr | null;
  findings: readonly Finding[];
}

/** Deeper trees than any rule has; it bounds every recursion of the checks. */
const MAX_DEPTH = 400;

/** Looks at every rule of some files, in their order. Findings of a rule: errors first, then by place. */
export function findAll(files: readonly RuleFile[], options: AuditOptions): RuleFindings[] {
  const parsed = files.flatMap(({ path, groups }) =>
    groups.flatMap((group) =>
      group.rules.map((rule) => ({ file: path, group, rule, result: parsePromql(rule.expr.text) })),
    ),
  );
  const readable = new Map(
    parsed.flatMap(({ file, group, rule, result }) =>
      result.ok && depth(result.expr) <= MAX_DEPTH ? [[rule, { file, group, rule, expr: result.expr }] as const] : [],
    ),
  );
  const all = new RuleSet([...readable.values()]);
  return parsed.map(({ file, group, rule, result }) => {
    const entry = readable.get(rule);
    if (entry === undefined) {
      const error = result.ok ? { from: 0, to: 1, message: `it nests deeper than ${MAX_DEPTH}` } : result.errors[0];
      return { file, group, rule, expr: null, findings: [syntaxFinding(rule, error)] };
    }
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

/** How deep a tree is, without recursion. */
function depth(expr: Expr): number {
  const depths = new Map<Expr, number>([[expr, 1]]);
  let deepest = 1;
  for (const node of walk(expr)) {
    const own = depths.get(node) ?? 1;
    deepest = Math.max(deepest, own);
    depths.delete(node);
    for (const child of children(node)) depths.set(child, own + 1);
  }
  return deepest;
}
