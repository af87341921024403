import factory, { type Builder } from 'junit-report-builder';
import type { AlertCoverage } from '../../../monitoring/audit/coverage.ts';
import type { AlertRow, AuditReport, FindingRow } from '../../../monitoring/audit/report.ts';
import { formatShare } from '../../../thresholds/units.ts';
import { mutantsLine } from './survivors.ts';

/**
 * The audit as JUnit XML: a suite a file, a case a rule. Error findings are failures; what could not be read is an error; an alert that
 * was not seen to fire, where that was tried, is an error too, since `skipped` would show as green.
 */
export function renderAuditJunit(report: AuditReport): string {
  // The package's types describe an ES module; what it ships is CommonJS whose whole export is the builder.
  const builder = (factory as unknown as Builder).newBuilder();
  const suites = new Map<string, ReturnType<typeof builder.testSuite>>();
  const addCase = (file: string, name: string, line: number) => {
    const suite = suites.get(file) ?? builder.testSuite().name(file);
    suites.set(file, suite);
    return suite.testCase().className(file).name(name).file(`${file}:${line}`);
  };
  for (const problem of report.problems) {
    addCase(problem.file, problem.path || 'document', problem.line).error(
      `${problem.rule}; fix: ${problem.fix}`,
      'unreadable',
    );
  }
  for (const { id, file, line, alert, reason } of report.testFaults) {
    addCase(file, `${id}: ${alert ?? 'all tests'}`, line).failure(reason, id);
  }
  for (const [index, row] of report.rules.entries()) {
    const test = addCase(row.file, `${row.group}: ${row.alert}`, row.line);
    const text = failureText(row.findings);
    const covered = coverageText(row, report.coverage?.alerts[index]);
    if (covered !== '') test.standardOutput(covered);
    if (text !== '') test.failure(text, 'finding');
    else if (row.witness === 'none' && row.reason !== 'not looked for') test.error(row.reason, 'no witness');
  }
  for (const row of report.records) {
    const test = addCase(row.file, `${row.group}: ${row.record}`, row.line);
    const text = failureText(row.findings);
    if (text !== '') test.failure(text, 'finding');
  }
  for (const { file, line, receiver, alerts, tested, drilled } of report.coverage?.routes ?? []) {
    const test = addCase(file, `route to ${receiver}`, line);
    test.standardOutput(`${alerts.length} alerts end here, ${tested} of them tested, ${drilled} drilled`);
    if (tested + drilled === 0) test.skipped();
  }
  for (const { dashboard, panels, queries, passed } of report.coverage?.dashboards ?? []) {
    const test = builder.testSuite().name('dashboards').testCase().className('dashboards').name(dashboard);
    test.standardOutput(`${panels} panels`);
    if (passed < queries)
      test.failure(`${queries - passed} of ${queries} queries did not pass the last drill`, 'drill');
  }
  const { minScore, totals } = report;
  if (minScore !== null) {
    const gate = builder.testSuite().name('mutation score').testCase().className('mutation score');
    gate.name(`at least ${formatShare(minScore)}`);
    const line = mutantsLine(totals, formatShare) ?? 'no mutants';
    if (totals.score === null) gate.error(`there is no mutant to count: ${line}`, 'no score');
    else if (totals.score < minScore) gate.failure(line, 'below the score');
    else gate.standardOutput(line);
  }
  return builder.build();
}

/** What tests, mutants and the last drill say of an alert. */
function coverageText({ mutants }: AlertRow, covered: AlertCoverage | undefined): string {
  const { tests = null, drill = null } = covered ?? {};
  return [
    ...(tests === null ? [] : [`tests: ${tests}`]),
    ...(mutants === null ? [] : [`mutants noticed: ${mutants.killed} of ${mutants.total - mutants.equivalent}`]),
    ...(drill === null ? [] : [`last drill: ${drill}`]),
  ].join('\n');
}

function failureText(findings: readonly FindingRow[]): string {
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ id, line, explanation, fix }) => `line ${line}: ${id}: ${explanation}${fix === null ? '' : ` fix: ${fix}`}`)
    .join('\n');
}
