import { expect, test } from 'vitest';
import { addTallies, countsLine, NOTHING, tallyOfExit } from '../../../scripts/gate/tally.ts';
import { tallyVitest } from '../../../scripts/gate/vitest-report.ts';

test.each([
  ['nothing skipped', { passed: 12, failed: 0, skipped: 0 }, '12 passed, 0 failed'],
  ['some skipped', { passed: 12, failed: 1, skipped: 3 }, '12 passed, 1 failed, 3 skipped'],
  ['nothing run', NOTHING, '0 passed, 0 failed'],
])('the last line with %s', (_, tally, line) => {
  expect(countsLine(tally)).toBe(line);
});

test('a part counts as one test, and parts add up', () => {
  expect(addTallies(tallyOfExit(0), addTallies(tallyOfExit(1), tallyOfExit(null)))).toEqual({
    passed: 1,
    failed: 2,
    skipped: 0,
  });
});

const GOOD = {
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
};
const FAILED_FILE = { status: 'failed', assertionResults: [{ status: 'failed' }] };
const BROKEN_FILE = { status: 'failed', assertionResults: [] };

test.each([
  ['a good run', GOOD, 0, { passed: 5, failed: 0, skipped: 2 }, null],
  ['failed tests', { ...GOOD, numFailedTests: 2, testResults: [FAILED_FILE] }, 1, { failed: 2 }, null],
  ['a file that cannot be loaded', { ...GOOD, testResults: [BROKEN_FILE] }, 1, { passed: 5, failed: 1 }, null],
  ['an error outside of any test', GOOD, 1, { passed: 5, failed: 1 }, /code 1 although no test failed/],
  ['a run without a test', { ...GOOD, numPassedTests: 0 }, 0, { passed: 0, failed: 1 }, /ran no test/],
  ['a kill after the report', GOOD, null, { failed: 1 }, /was killed/],
  ['a report without figures', {}, 0, { passed: 0, failed: 1 }, /not whole/],
])('vitest: %s', (_, report, code, tally, trouble) => {
  const found = tallyVitest(JSON.stringify(report), code);
  expect(found.tally).toMatchObject(tally);
  if (trouble === null) expect(found.trouble).toBeNull();
  else expect(found.trouble).toMatch(trouble);
});

test.each([
  ['no report', null],
  ['half a report', '{"numPassedTests": 5,'],
])('vitest: %s is a failure, whatever the exit code', (_, report) => {
  expect(tallyVitest(report, 0).tally).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
