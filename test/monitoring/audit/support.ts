import { findAll, type RuleFindings } from '../../../monitoring/audit/findings/find.ts';
import { parseRuleFile } from '../../../monitoring/audit/rule-file/parse.ts';

/** What is found in rule files given as text by name; the files themselves must be sound. */
export function auditTexts(texts: Readonly<Record<string, string>>, scrapeIntervalMs = 15_000): RuleFindings[] {
  const parsed = Object.entries(texts).map(([path, text]) => parseRuleFile({ path, text }));
  const problems = parsed.flatMap((file) => file.problems);
  if (problems.length > 0) throw new Error(problems.map(({ line, rule }) => `${line}: ${rule}`).join('\n'));
  return findAll(
    parsed.map(({ file }) => file),
    { scrapeIntervalMs },
  );
}

/** A rule for a test; `labels` and `annotations` by name. */
export interface TestRule {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** A rule file with one group; JSON is YAML. */
export function ruleFile(rules: readonly TestRule[]): string {
  return JSON.stringify({ groups: [{ name: 'g', rules }] });
}

/** The findings of rules, in one file each if several lists are given: "severity id" of each rule that has some. */
export function findingsOf(...files: readonly (readonly TestRule[])[]): string[] {
  const texts = Object.fromEntries(files.map((rules, index) => [`${index}.yml`, ruleFile(rules)]));
  return auditTexts(texts).flatMap(({ rule, findings }) =>
    findings.map(({ severity, id }) => `${rule.name}: ${severity} ${id}`),
  );
}
