import factory, { type Builder } from 'junit-report-builder';
import type { Verdict } from '../../thresholds/verdict.ts';
import { describeVerdict, type Finding } from './describe.ts';

const SUITES: Record<Finding['kind'], string> = {
  harness: 'firedrill.harness',
  load: 'firedrill.load',
  probe: 'firedrill.probes',
  alert: 'firedrill.alerts',
  dashboard: 'firedrill.dashboards',
};

/**
 * The verdict as JUnit XML. A broken promise is a failure; broken and inconclusive rows are errors of that type: JUnit's `skipped`
 * would show as green what nobody looked at.
 */
export function renderJunit(verdict: Verdict): string {
  // The package's types describe an ES module; what it ships is CommonJS whose whole export is the builder.
  const report = (factory as unknown as Builder).newBuilder();
  const suites = new Map<string, ReturnType<typeof report.testSuite>>();
  for (const finding of describeVerdict(verdict)) {
    const name = SUITES[finding.kind];
    const suite = suites.get(name) ?? report.testSuite().name(name).timestamp(new Date(verdict.startedAt));
    suites.set(name, suite);
    const test = suite.testCase().className(name).name(finding.subject);
    if (finding.place !== null) test.file(finding.place);
    const evidence = [finding.evidence, finding.place].filter(Boolean).join(' at ');
    if (finding.outcome === 'fail') test.failure(evidence, finding.outcome);
    else if (finding.outcome !== 'pass') test.error(evidence, finding.outcome);
  }
  return withLines(report.build());
}

/** The attribute `line` beside `file`, by which CI systems find the place; the package knows only `file`. */
function withLines(xml: string): string {
  return xml.replace(/(<testcase(?: [\w.:-]+="[^"]*")*? file="[^"]*):(\d+)"/g, '$1" line="$2"');
}
