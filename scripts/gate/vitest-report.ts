import { NOTHING, type Tally } from './tally.ts';

/** The part of vitest's JSON report that the gate reads. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/** What a run of vitest amounts to, and why, when it is worse than its own figures say. */
export interface VitestTally {
  tally: Tally;
  trouble: string | null;
}

/**
 * Counts the tests of a vitest run. Green needs all of: exit code 0, a report, at least one test that passed. Whatever else went wrong
 * (a file that cannot be loaded, an error outside of any test, a crash before the report was written) counts as one failure each.
 * @param report the content of its JSON report; null when there is none.
 */
export function tallyVitest(report: string | null, exitCode: number | null): VitestTally {
  const ended = exitCode === null ? 'was killed' : `ended with code ${exitCode}`;
  const crash = (why: string): VitestTally => ({
    tally: { ...NOTHING, failed: 1 },
    trouble: `vitest ${ended}: ${why}`,
  });
  if (report === null) return crash('it left no report');
  const found = parse(report);
  if (found === null) return crash('its report is not whole');
  const brokenFiles = found.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const tally: Tally = {
    passed: found.numPassedTests,
    failed: found.numFailedTests + brokenFiles,
    skipped: found.numPendingTests + found.numTodoTests,
  };
  if (tally.failed > 0) return { tally, trouble: null };
  const failure = { ...tally, failed: 1 };
  if (exitCode !== 0) return { tally: failure, trouble: `vitest ${ended} although no test failed` };
  if (tally.passed === 0) return { tally: failure, trouble: 'vitest ran no test' };
  return { tally, trouble: null };
}

function parse(report: string): VitestReport | null {
  try {
    const found = JSON.parse(report) as Partial<VitestReport>;
    const counts = [found.numPassedTests, found.numFailedTests, found.numPendingTests, found.numTodoTests];
    return counts.every(Number.isInteger) && Array.isArray(found.testResults) ? (found as VitestReport) : null;
  } catch {
    return null;
  }
}
