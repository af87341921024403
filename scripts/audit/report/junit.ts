import factory, { type Builder } from 'junit-report-builder';
import type { AuditReport, FindingRow } from '../../../monitoring/audit/report.ts';

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
  for (const row of report.rules) {
    const test = addCase(row.file, `${row.group}: ${row.alert}`, row.line);
    const text = failureText(row.findings);
    if (text !== '') test.failure(text, 'finding');
    else if (row.witness === 'none' && row.reason !== 'not looked for') test.error(row.reason, 'no witness');
  }
  for (const row of report.records) {
    const test = addCase(row.file, `${row.group}: ${row.record}`, row.line);
    const text = failureText(row.findings);
    if (text !== '') test.failure(text, 'finding');
  }
  return builder.build();
}

function failureText(findings: readonly FindingRow[]): string {
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ id, line, explanation, fix }) => `line ${line}: ${id}: ${explanation}${fix === null ? '' : ` fix: ${fix}`}`)
    .join('\n');
}
