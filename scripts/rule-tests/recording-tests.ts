import { type RecordingTest, recordingTests } from '../../monitoring/rule-tests/recordings.ts';
import { seenSamples } from '../../monitoring/rule-tests/samples.ts';
import type { RuleGroup } from '../../monitoring/rules.ts';
import { runPromtool } from '../audit/promtool.ts';
import type { MadeTests, MakeOptions } from './alert-tests.ts';

/** Tests for the recording rules of a group: what promtool sees them record, of inputs that differ in one thing each. */
export async function makeRecordingTests(group: RuleGroup, { promtool, signal }: MakeOptions): Promise<MadeTests> {
  const rules = group.rules.filter(({ record }) => record !== undefined);
  if (rules.length === 0) return { tests: new Map(), troubles: [] };
  const { evaluationMs, tests } = recordingTests(rules);
  const jobs = tests.map((test) => ({
    rules: { 'rules.json': { groups: [{ name: 'recorded', rules }] } },
    tests: {
      'tests.json': { rule_files: ['rules.json'], evaluation_interval: `${evaluationMs}ms`, tests: [test] },
    },
  }));
  const complaints = await runPromtool(jobs, { promtool: promtool.path, signal });
  const settled = tests.flatMap((test, at): RecordingTest[] => {
    const samples = seenSamples(complaints[at]?.others ?? []);
    const looks = test.promql_expr_test.map((each) => ({
      ...each,
      exp_samples: samples.filter(({ labels }) => labels.includes(`__name__="${each.expr}"`)),
    }));
    // promtool holds that no two NaN are equal.
    const usable = looks.filter(({ exp_samples: expected }) => !expected.some(({ value }) => Number.isNaN(value)));
    return usable.length === 0 ? [] : [{ ...test, promql_expr_test: usable }];
  });
  const records = new Set(rules.map(({ record }) => record ?? ''));
  const silent = [...records].filter(
    (name) =>
      !settled.some(({ promql_expr_test: looks }) =>
        looks.some(({ expr, exp_samples: samples }) => expr === name && samples.some(({ value }) => value !== 0)),
      ),
  );
  return {
    tests: new Map([[evaluationMs, settled]]),
    troubles: silent.map((name) => `${name}: no input was found for which it records anything but 0`),
  };
}
