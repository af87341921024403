import { stringify } from 'yaml';
import { printDuration } from '../../promql/print.ts';
import { seriesName, seriesValues } from '../witness/series-text.ts';
import type { ChosenTest } from './select.ts';

/** The tests of one alert and the clock that they need. */
export interface AlertTests {
  alert: string;
  intervalMs: number;
  evaluationMs: number;
  tests: readonly ChosenTest[];
}

/** A test file for promtool. */
export interface TestFileText {
  /** Beside other files made from the same rule file: ends with the evaluation interval. */
  name: string;
  text: string;
}

/**
 * Test files for a rule file, in the words of a person: one test a situation, each expectation with all labels and annotations. The evaluation
 * interval belongs to a test file, so alerts with another one get a file of their own. The same rules always give the same text.
 * @param ruleFiles paths as seen from the test files: the rule file, and those that record what it reads.
 * @param baseName of the test files, without an ending.
 * @param groups names of the rule groups in the order of the file: promtool takes them in any.
 */
export function renderTestFiles(
  alerts: readonly AlertTests[],
  { ruleFiles, baseName, groups }: { ruleFiles: readonly string[]; baseName: string; groups: readonly string[] },
): TestFileText[] {
  const byInterval = Map.groupBy(alerts, ({ evaluationMs }) => evaluationMs);
  return [...byInterval]
    .sort(([a], [b]) => a - b)
    .map(([evaluationMs, members]) => {
      const interval = printDuration(evaluationMs);
      const document = {
        rule_files: ruleFiles,
        evaluation_interval: interval,
        group_eval_order: [...new Set(groups)],
        tests: members.flatMap((alert) => alert.tests.map((test) => promtoolTest(alert, test))),
      };
      return { name: `${baseName}.${interval}_test.yaml`, text: `${HEADER}${toYaml(document)}` };
    });
}

/** One test alone, to be put into a test file: what would notice a mutant. */
export function renderTest(alert: Omit<AlertTests, 'tests'>, test: ChosenTest): string {
  return toYaml([promtoolTest(alert, test)]);
}

const HEADER = `# Made by firedrill audit from the rules: what each alert does just below, at and above its limits.
# Made again from the same rules it is the same text. Run it with: promtool test rules
`;

/** A test as promtool's test files hold it. */
export function promtoolTest({ alert, intervalMs }: Omit<AlertTests, 'tests'>, { trial, expected }: ChosenTest) {
  return {
    name: `${alert}: ${trial.title}`,
    interval: printDuration(intervalMs),
    input_series: trial.series.map((series) => ({
      series: seriesName(series),
      values: seriesValues(series.segments, intervalMs, trial.endMs),
    })),
    alert_rule_test: expected.map(({ timeMs, firing }) => ({
      eval_time: printDuration(timeMs),
      alertname: alert,
      exp_alerts: firing.map(({ labels, annotations }) => {
        const { alertname: _, ...rest } = labels;
        return {
          ...(Object.keys(rest).length === 0 ? {} : { exp_labels: rest }),
          ...(Object.keys(annotations).length === 0 ? {} : { exp_annotations: annotations }),
        };
      }),
    })),
  };
}

function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
