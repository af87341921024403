/** What an end of k6 means for the run. `judge`: the summary may be judged as it is. */
export type K6End = { kind: 'judge' } | { kind: 'interrupted' } | { kind: 'broken'; reason: string };

/** k6's exit codes (k6: errext/exitcodes/codes.go). 99 only says that a threshold was crossed: the rows tell which. */
const REASONS: Readonly<Record<number, string>> = {
  97: 'a cloud run failed or was aborted',
  98: 'the progress of a cloud run could not be read',
  100: 'setup() took too long',
  101: 'teardown() took too long',
  102: 'k6 ran into a timeout',
  103: 'somebody stopped k6 through its REST interface',
  104: 'k6 refused its configuration',
  105: 'k6 was stopped from outside',
  106: 'k6 could not open its REST interface',
  107: 'the scenario program threw an exception',
  108: 'the scenario program aborted the run',
  109: 'k6 itself crashed (Go panic)',
  110: 'the scenario program marked the run as failed',
  255: 'k6 failed for a reason that it gives no code',
};

/** Reads the end of k6. `stopped`: firedrill itself stopped it, so that code 105 is no surprise. */
export function k6End(code: number | null, signal: string | null, stopped: boolean): K6End {
  if (stopped) return { kind: 'interrupted' };
  if (code === 0 || code === 99) return { kind: 'judge' };
  if (code === null) return { kind: 'broken', reason: `k6 was killed by ${signal ?? 'an unknown signal'}` };
  return { kind: 'broken', reason: `${REASONS[code] ?? 'k6 ended in an unknown way'} (exit code ${code})` };
}
