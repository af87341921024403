import { stringify } from 'yaml';
import { printDuration } from '../../monitoring/promql/print.ts';
import { GROUP_RULES, withHeader } from '../../monitoring/rule-tests/header.ts';
import { testFileStem } from '../../monitoring/rule-tests/stale.ts';
import type { RuleGroup } from '../../monitoring/rules.ts';
import { type MakeOptions, makeAlertTests } from './alert-tests.ts';
import { makeRecordingTests } from './recording-tests.ts';

/** Test files of one rule group by name, and what they do not test. */
export interface GroupTests {
  files: Map<string, string>;
  troubles: string[];
}

/**
 * Makes the test files of one rule group. The evaluation interval belongs to a file, so a group has one for each that its rules need.
 */
export async function makeGroupTests(group: RuleGroup, options: MakeOptions): Promise<GroupTests> {
  const alerts = await makeAlertTests(group, options);
  const recordings = await makeRecordingTests(group, options);
  const parts = [
    ...[...alerts.tests].map(([evaluationMs, tests]) => ({ evaluationMs, tests, kind: '' })),
    ...[...recordings.tests].map(([evaluationMs, tests]) => ({ evaluationMs, tests, kind: 'recorded_' })),
  ].sort((a, b) => a.kind.localeCompare(b.kind) || a.evaluationMs - b.evaluationMs);
  const files = new Map(
    parts.map(({ evaluationMs, tests, kind }, index) => {
      const interval = printDuration(evaluationMs);
      const document = {
        rule_files: [`${GROUP_RULES}${group.name}.yml`],
        evaluation_interval: interval,
        tests: shared(tests),
      };
      const body = stringify(document, { lineWidth: 0 });
      const name = `${testFileStem(group.name)}${kind}${interval}_test.yaml`;
      return [name, withHeader(group, body, { part: index + 1, parts: parts.length })] as const;
    }),
  );
  return { files, troubles: [...alerts.troubles, ...recordings.troubles] };
}

/** Labels and annotations that stand more than once become one object, which YAML writes once and refers to. */
function shared(tests: readonly unknown[]): unknown {
  const known = new Map<string, unknown>();
  const intern = (key: string, value: unknown): unknown => {
    if (key !== 'exp_labels' && key !== 'exp_annotations') return value;
    const text = JSON.stringify(value);
    if (!known.has(text)) known.set(text, value);
    return known.get(text);
  };
  const visit = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((each) => visit(each, ''));
    if (typeof value !== 'object' || value === null) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, visit(inner, name)]));
    return intern(key, copy);
  };
  return visit(tests, '');
}
