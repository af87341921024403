import type { Problem } from '../../thresholds/load/problem.ts';
import type { Coverage } from './coverage.ts';
import type { RuleFindings } from './findings/find.ts';
import type { Finding } from './findings/finding.ts';
import type { RoutingReport } from './mutants/alertmanager/judge.ts';
import { type MutantTally, scoreOf } from './mutants/tally.ts';
import type { TestFault } from './mutants/test-fault.ts';
import { alertRow, findingRow } from './report-rows.ts';
import type { WitnessResult } from './witness/types.ts';

/** What else was learned about an alert, beside its findings; null where nobody asked. */
export interface Evidence {
  witness: WitnessResult | null;
  mutants: MutantTally | null;
  /** Names of the tests that expect something of it; null where nobody asked. */
  tests: readonly string[] | null;
}

/** What was learned beside the alerts. */
export interface Extras {
  testFaults: readonly TestFault[];
  routing: RoutingReport | null;
  coverage: Coverage | null;
  minScore: number | null;
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
  /** Null where none were made, where it cannot fire, and where its tests fail for the rule as it is. */
  mutants: MutantTally | null;
  tests: readonly string[] | null;
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

/** `unread`: something could not be read, or there was nothing. `inconclusive`: a least score was asked for, and there was no mutant to count. */
export type AuditOutcome = 'pass' | 'fail' | 'inconclusive' | 'unread';

export interface AuditReport {
  schema: 1;
  outcome: AuditOutcome;
  rules: readonly AlertRow[];
  records: readonly RecordRow[];
  /** What could not be read: the other files and rules went on. */
  problems: readonly Problem[];
  /** Tests that fail for the rules as they are. */
  testFaults: readonly TestFault[];
  /** The Alertmanager file, where one was given. */
  routing: RoutingReport | null;
  /** Null where neither tests nor a drill were looked at. */
  coverage: Coverage | null;
  /** The least score that was asked for, 0 to 1; null for none. */
  minScore: number | null;
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
  /** Mutants of alerts and routes by what became of them; null where none were made. */
  mutants: MutantTotals | null;
  /** Killed mutants among those that are not equivalent, 0 to 1; null where there are none. */
  score: number | null;
  /** The same over alerts that have a test at all. */
  testedScore: number | null;
}

export interface MutantTotals {
  total: number;
  killed: number;
  equivalent: number;
  survived: number;
  fixtureTooPoor: number;
  untested: number;
}

/** The report of an audit. `evidence` is asked for each alert. */
export function buildReport(
  found: readonly RuleFindings[],
  problems: readonly Problem[],
  files: number,
  evidence: (rule: RuleFindings) => Evidence,
  extras: Extras,
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
  const totals = totalsOf(rules, records, problems, files, extras.routing);
  return { schema: 1, outcome: outcomeOf(totals, extras), rules, records, problems, ...extras, totals };
}

/** What could not be read was not audited, and neither was an empty set of rules. */
function outcomeOf(totals: AuditTotals, { testFaults, minScore }: Extras): AuditOutcome {
  if (totals.problems > 0 || totals.alerts + totals.records === 0) return 'unread';
  if (totals.errors > 0 || testFaults.length > 0) return 'fail';
  if (minScore === null) return 'pass';
  if (totals.score === null) return 'inconclusive';
  return totals.score < minScore ? 'fail' : 'pass';
}

function totalsOf(
  rules: readonly AlertRow[],
  records: readonly RecordRow[],
  problems: readonly Problem[],
  files: number,
  routing: RoutingReport | null,
): AuditTotals {
  const findings = [...rules, ...records].flatMap((row) => row.findings);
  const own = rules.flatMap(({ mutants }) => mutants ?? []);
  const tested = rules.flatMap(({ mutants, tests }) => (mutants === null || tests?.length === 0 ? [] : mutants));
  const tallies = [...own, ...(routing?.mutants ? [routing.mutants] : [])];
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
    mutants: tallies.length === 0 ? null : mutantTotals(tallies),
    score: scoreOf(tallies),
    testedScore: scoreOf(tested),
  };
}

function mutantTotals(tallies: readonly MutantTally[]): MutantTotals {
  const sum = (of: (tally: MutantTally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  const surviving = (reason: string) => sum(({ survived }) => survived.filter((each) => each.reason === reason).length);
  return {
    total: sum(({ total }) => total),
    killed: sum(({ killed }) => killed),
    equivalent: sum(({ equivalent }) => equivalent),
    survived: surviving('survived'),
    fixtureTooPoor: surviving('fixture too poor'),
    untested: surviving('untested'),
  };
}
