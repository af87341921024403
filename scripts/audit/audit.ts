import { findAll, type RuleFindings } from '../../monitoring/audit/findings/find.ts';
import type { AuditOptions } from '../../monitoring/audit/findings/finding.ts';
import { type AuditReport, buildReport, type Extras } from '../../monitoring/audit/report.ts';
import { type ParsedRuleFile, parseRuleFile } from '../../monitoring/audit/rule-file/parse.ts';
import type { WitnessResult } from '../../monitoring/audit/witness/types.ts';
import { type Problem, type SourceFile, sortProblems } from '../../thresholds/load/problem.ts';
import type { MutantResults } from './mutants-step.ts';

/** What takes a running promtool; each gets the alerts that could be read and answers for those that it knows. */
export interface AuditSteps {
  witnesses?: (rules: readonly RuleFindings[]) => Promise<ReadonlyMap<RuleFindings, WitnessResult>>;
  mutants?: (
    rules: readonly RuleFindings[],
    witnesses: ReadonlyMap<RuleFindings, WitnessResult>,
  ) => Promise<Pick<MutantResults, 'tallies' | 'tested' | 'faults'>>;
  /** Routes, inhibition and coverage; asked last. */
  extras?: (
    rules: readonly RuleFindings[],
    witnesses: ReadonlyMap<RuleFindings, WitnessResult>,
    tested: ReadonlyMap<RuleFindings, readonly string[]>,
  ) => Promise<Omit<Extras, 'minScore'>>;
}

/** The files of an audit by what they hold. */
export interface AuditFiles {
  rules: readonly ParsedRuleFile[];
  /** Unit tests for promtool that stood among the rule files. */
  tests: readonly SourceFile[];
  /** Resources without rules, such as a Deployment. */
  others: readonly SourceFile[];
}

/** Reads texts as rule files and sets apart those that are something else. */
export function sortFiles(sources: readonly SourceFile[]): AuditFiles {
  const parsed = sources.map((source) => ({ source, result: parseRuleFile(source) }));
  const ofKind = (kind: ParsedRuleFile['kind']) => parsed.filter(({ result }) => result.kind === kind);
  return {
    rules: ofKind('rules').map(({ result }) => result),
    tests: ofKind('tests').map(({ source }) => source),
    others: ofKind('other').map(({ source }) => source),
  };
}

/** Audits rule files: findings for each rule, and for each alert what the given steps add. */
export async function runAudit(
  files: AuditFiles,
  unreadable: readonly Problem[],
  { minScore = null, ...options }: AuditOptions & { minScore?: number | null },
  steps: AuditSteps,
): Promise<AuditReport> {
  const found = findAll(
    files.rules.map(({ file }) => file),
    options,
  );
  const witnesses = (await steps.witnesses?.(found)) ?? new Map<RuleFindings, WitnessResult>();
  const mutants = await steps.mutants?.(found, witnesses);
  const extras = await steps.extras?.(found, witnesses, mutants?.tested ?? new Map());
  const problems = sortProblems([...unreadable, ...files.rules.flatMap((file) => file.problems)]);
  return buildReport(
    found,
    problems,
    files.rules.length,
    (rule) => ({
      witness: witnesses.get(rule) ?? null,
      mutants: mutants?.tallies.get(rule) ?? null,
      tests: mutants?.tested.get(rule) ?? null,
    }),
    {
      testFaults: [...(mutants?.faults ?? []), ...(extras?.testFaults ?? [])],
      routing: extras?.routing ?? null,
      coverage: extras?.coverage ?? null,
      minScore,
    },
  );
}
