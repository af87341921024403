import { readFixture } from '../audit/mutants/fixture/input-series.ts';
import type { LoadedTests } from '../audit/mutants/user-suites.ts';
import type { WholeTestFile } from './vacuous.ts';

/** A test file of promtool as it is written. */
export interface WholeContent {
  rule_files: string[];
  group_eval_order?: string[];
  tests: { promql_expr_test?: { expr?: string }[] | null }[];
}

/** What a loaded test file expects of alerts and of expressions. */
export function wholeTestFile({ file, rules }: LoadedTests, { tests }: WholeContent): WholeTestFile {
  return {
    path: file.path,
    rules,
    tests: file.tests.map((test, index) => ({
      line: file.lines[index] ?? 1,
      name: test.name ?? `test ${index + 1}`,
      input: new Set(readFixture(test).map(({ labels }) => labels.__name__ ?? '')),
      alerts: (test.alert_rule_test ?? []).map(({ alertname, exp_alerts: expected = [] }) => ({
        alert: alertname,
        firing: expected.map(({ exp_labels: labels }) => (labels ?? {}) as Record<string, string>),
      })),
      expressions: (tests[index]?.promql_expr_test ?? []).map(({ expr }) => expr ?? ''),
    })),
  };
}
