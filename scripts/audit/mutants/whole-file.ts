import type { PlainGroup } from '../../../monitoring/audit/mutants/plain.ts';
import type { PromtoolComplaints } from '../../../monitoring/audit/promtool-output.ts';
import { promtoolTest } from '../../../monitoring/audit/tests/render.ts';
import type { PromtoolJob } from '../promtool.ts';
import type { TestedAlert } from './settle.ts';

/** No rule has this name: what is expected of it at the end of a test fails, and shows that the test came that far. */
const END = 'firedrill_end_of_test';

/** Names of the tests that no rule stopped; promtool does not tell which one a rule did. */
export function finishedTests({ mismatches }: PromtoolComplaints): Set<string> {
  return new Set(mismatches.flatMap(({ alert, test }) => (alert === END && test !== null ? [test] : [])));
}

/** One run of promtool over the tests of an alert against all rules that have a part in them; the tests are called `t0`, `t1` and so on. */
export function wholeFileJob({ alert, groups }: { alert: TestedAlert; groups: readonly PlainGroup[] }): PromtoolJob {
  const { intervalMs, evaluationMs } = alert.witness;
  const tests = alert.tests.map((chosen, index) => {
    const test = promtoolTest({ alert: alert.rule.alert, intervalMs, evaluationMs }, chosen);
    const last = { eval_time: test.alert_rule_test.at(-1)?.eval_time, alertname: END, exp_alerts: [{}] };
    return { ...test, name: `t${index}`, alert_rule_test: [...test.alert_rule_test, last] };
  });
  return {
    rules: { 'rules.yml': { groups } },
    tests: {
      'tests.yml': {
        rule_files: ['rules.yml'],
        evaluation_interval: `${evaluationMs}ms`,
        group_eval_order: groups.map(({ name }) => name),
        tests,
      },
    },
  };
}
