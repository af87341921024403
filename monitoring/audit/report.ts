import type { Problem } from '../../thresholds/load/problem.ts';
import type { RuleFindings } from './findings/find.ts';
import { sortFindings } from './findings/find.ts';
import type { Finding } from './findings/finding.ts';
import { placeIn } from './rule-file/model.ts';
import type { WitnessResult } from './witness/types.ts';

/** What the mutants of one alert came to; `survived` says of each what was changed. */
export interface MutantTally {
  total: number;
  killed: number;
  equivalent: number;
  survived: readonly string[];
}

/** What else was learned about an alert, beside its findings; null where nobody asked. */
export interface Evidence {
  witness: WitnessResult | null;
  mutants: MutantTally | null;
}

/** An alert in the report. */
export interface AlertRow {
  file: string;
  line: number;
  group: string;
  alert: string;
  severity: string | null;
  /** `found`: data that makes it fire, seen to do so. */
  witness: 'found' | 'none';
  /** Why there is no witness, or what is special about the one there is; empty for an ordinary one. */
  reason: string;
  /** Whether data just on the other side was seen to keep it silent; null where there is no witness, or nothing can silence it. */
  nearMissSilent: boolean | null;
  findings: readonly FindingRow[];
  mutants: MutantTally | null;
}

/** A recording rule in the report. */
export interface RecordRow {
  file: string;
  line: number;
  group: string;
  record: string;
  findings: readonly FindingRow[];
}

/** A finding as data. */
export interface FindingRow {
  id: string;
  severity: Finding['severity'];
  line: number;
  column: number;
  length: number;
  explanation: string;
  fix: string | null;
  related: readonly { name: string; file: string; line: number }[];
}

export interface AuditReport {
  schema: 1;
  rules: readonly AlertRow[];
  records: readonly RecordRow[];
  /** What could not be read: the other files and rules went on. */
  problems: readonly Problem[];
  totals: AuditTotals;
}

export interface AuditTotals {
  files: number;
  alerts: number;
  records: number;
  problems: number;
  errors: number;
  advice: number;
  witnessed: number;
  nearMissSilent: number;
  /** Alerts that are shown to be unable to fire. */
  cannotFire: number;
  /** Killed mutants among those that are not equivalent, 0 to 1; null where none were made. */
  score: number | null;
}

/** The report of an audit. `evidence` is asked for each alert. */
export function buildReport(
  found: readonly RuleFindings[],
  problems: readonly Problem[],
  files: number,
  evidence: (rule: RuleFindings) => Evidence,
): AuditReport {
  const rules = found.filter(({ rule }) => rule.kind === 'alert').map((entry) => alertRow(entry, evidence(entry)));
  const records = found
    .filter(({ rule }) => rule.kind === 'record')
    .map(({ file, group, rule, findings }) => ({
      file,
      line: rule.place.line,
      group: group.name,
      record: rule.name,
      findings: findings.map(findingRow),
    }));
  return { schema: 1, rules, records, problems, totals: totalsOf(rules, records, problems, files) };
}

function alertRow(entry: RuleFindings, { witness, mutants }: Evidence): AlertRow {
  const { file, group, rule } = entry;
  const found = witness?.outcome === 'found' ? witness.witness : null;
  return {
    file,
    line: rule.place.line,
    group: group.name,
    alert: rule.name,
    severity: rule.labels.get('severity')?.text ?? null,
    witness: found === null ? 'none' : 'found',
    reason: reasonOf(entry, witness),
    nearMissSilent: found === null || found.alwaysFires ? null : found.near !== null,
    findings: withImpossibility(entry, witness).map(findingRow),
    mutants,
  };
}

function reasonOf({ expr, findings }: RuleFindings, witness: WitnessResult | null): string {
  if (expr === null) return 'not PromQL';
  // A join on labels that series are expected to have can be met by series without them.
  if (witness?.outcome === 'found' && findings.some(({ id }) => id === 'cannot-fire'))
    return 'fires only for series without the labels that its expression names';
  const proof = witness === null ? undefined : findings.find(({ id }) => id === 'cannot-fire');
  if (proof !== undefined) return `cannot fire: ${proof.explanation.replace(/ The alert can never fire\.$/, '')}`;
  switch (witness?.outcome) {
    case undefined:
      return 'not looked for';
    case 'found':
      return witness.witness.alwaysFires ? 'fires whatever the data' : '';
    case 'impossible':
      return `cannot fire: ${witness.reason}`;
    case 'unsupported':
      return `not supported: ${witness.construct}`;
    case 'gaveUp':
      return `gave up after ${witness.after}`;
  }
}

/** The search for a witness shows more alerts to be unable to fire than the reading of the expression does. */
function withImpossibility({ rule, findings }: RuleFindings, witness: WitnessResult | null): readonly Finding[] {
  if (witness?.outcome !== 'impossible' || findings.some(({ id }) => id === 'cannot-fire')) return findings;
  const { at, reason } = witness;
  const finding: Finding = {
    id: 'cannot-fire',
    severity: 'error',
    place: placeIn(rule.expr, at.from),
    length: at.to - at.from,
    explanation: `${reason.replace(/\.?$/, '.')} The alert can never fire.`,
    fix: null,
    related: [],
  };
  return sortFindings([...findings, finding]);
}

function findingRow({ id, severity, place, length, explanation, fix, related }: Finding): FindingRow {
  return {
    id,
    severity,
    line: place.line,
    column: place.column,
    length,
    explanation,
    fix,
    related: related.map((other) => ({ name: other.name, file: other.place.file, line: other.place.line })),
  };
}

function totalsOf(
  rules: readonly AlertRow[],
  records: readonly RecordRow[],
  problems: readonly Problem[],
  files: number,
): AuditTotals {
  const findings = [...rules, ...records].flatMap((row) => row.findings);
  const tallies = rules.flatMap(({ mutants }) => mutants ?? []);
  const countable = tallies.reduce((sum, { total, equivalent }) => sum + total - equivalent, 0);
  return {
    files,
    alerts: rules.length,
    records: records.length,
    problems: problems.length,
    errors: findings.filter(({ severity }) => severity === 'error').length,
    advice: findings.filter(({ severity }) => severity === 'advice').length,
    witnessed: rules.filter(({ witness }) => witness === 'found').length,
    nearMissSilent: rules.filter(({ nearMissSilent }) => nearMissSilent === true).length,
    cannotFire: rules.filter((row) => row.findings.some(({ id }) => id === 'cannot-fire')).length,
    score: countable === 0 ? null : tallies.reduce((sum, { killed }) => sum + killed, 0) / countable,
  };
}
