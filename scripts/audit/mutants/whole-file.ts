import type { PlainGroup } from '../../../monitoring/audit/mutants/plain.ts';
import type { PromtoolComplaints } from '../../../monitoring/audit/promtool-output.ts';
import { promtoolTest } from '../../../monitoring/audit/tests/render.ts';
import type { PromtoolJob } from '../promtool.ts';
import type { TestedAlert } from './settle.ts';

/** The alerts of a rule file with their tests, and every group that the tests load. */
export interface WholeFile {
  members: readonly TestedAlert[];
  groups: readonly PlainGroup[];
}

/** No rule has this name: what is expected of it at the end of a test fails, and shows that the test came that far. */
const END = 'firedrill_end_of_test';

/** Names of the tests that no rule stopped; promtool does not tell which one a rule did. */
export function finishedTests({ mismatches }: PromtoolComplaints): Set<string> {
  return new Set(mismatches.flatMap(({ alert, test }) => (alert === END && test !== null ? [test] : [])));
}

/** One run of promtool over the tests of a file against all its rules; test n of member m is called `a<m>t<n>`. */
export function wholeFileJob(file: WholeFile): PromtoolJob {
  return jobOf(file.groups, namedTests(file));
}

interface NamedTest {
  name: string;
  evaluationMs: number;
  test: object;
}

function namedTests({ members }: WholeFile): NamedTest[] {
  return members.flatMap(({ rule, witness, tests }, member) => {
    const { intervalMs, evaluationMs } = witness;
    return tests.map((chosen, index) => {
      const name = `a${member}t${index}`;
      const test = promtoolTest({ alert: rule.alert, intervalMs, evaluationMs }, chosen);
      const last = { eval_time: test.alert_rule_test.at(-1)?.eval_time, alertname: END, exp_alerts: [{}] };
      return { name, evaluationMs, test: { ...test, name, alert_rule_test: [...test.alert_rule_test, last] } };
    });
  });
}

function jobOf(groups: readonly PlainGroup[], tests: readonly NamedTest[]): PromtoolJob {
  const file = (evaluationMs: number, list: readonly NamedTest[]) => ({
    rule_files: ['rules.yml'],
    evaluation_interval: `${evaluationMs}ms`,
    group_eval_order: groups.map(({ name }) => name),
    tests: list.map(({ test }) => test),
  });
  const byInterval = Map.groupBy(tests, ({ evaluationMs }) => evaluationMs);
  return {
    rules: { 'rules.yml': { groups } },
    tests: Object.fromEntries([...byInterval].map(([ms, list]) => [`tests-${ms}.yml`, file(ms, list)])),
  };
}
