import { parse } from 'yaml';
import { plainGroup } from '../../monitoring/audit/mutants/plain.ts';
import type { TestFault } from '../../monitoring/audit/mutants/test-fault.ts';
import type { LoadedTests } from '../../monitoring/audit/mutants/user-suites.ts';
import { uniqueGroupNames } from '../../monitoring/audit/mutants/user-suites.ts';
import type { PromtoolComplaints } from '../../monitoring/audit/promtool-output.ts';
import type { RuleFile } from '../../monitoring/audit/rule-file/model.ts';
import { splitTests } from '../../monitoring/rule-tests/split.ts';
import { type VacuousTest, vacuousTests, type WholeTestFile } from '../../monitoring/rule-tests/vacuous.ts';
import { type WholeContent, wholeTestFile } from '../../monitoring/rule-tests/whole-test-file.ts';
import type { SourceFile } from '../../thresholds/load/problem.ts';
import { runPromtool } from '../audit/promtool.ts';

export interface RunRuleTestsOptions {
  /** Path of promtool. */
  promtool: string;
  signal: AbortSignal;
}

/** Why tests do not prove the rules that they are about. */
export type RuleTestFault = (Omit<TestFault, 'alert'> & { rule: string | null }) | VacuousTest;

/** A test file as it was loaded, and all that stands in it. */
interface Loaded {
  tests: LoadedTests;
  content: WholeContent;
  whole: WholeTestFile;
}

/**
 * Runs test files of promtool against the rules that they load, and looks for tests that would pass without having looked.
 * @param sources the texts of the loaded test files.
 * @param audited rules that must each have a test.
 */
export async function runRuleTests(
  loaded: readonly LoadedTests[],
  sources: readonly SourceFile[],
  audited: readonly RuleFile[],
  { promtool, signal }: RunRuleTestsOptions,
): Promise<RuleTestFault[]> {
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const files = loaded.map((tests): Loaded => {
    const content = parse(texts.get(tests.file.path) ?? '', { maxAliasCount: -1 }) as WholeContent;
    return { tests, content, whole: wholeTestFile(tests, content) };
  });
  const parts = files.flatMap((file) => {
    const groups = uniqueGroupNames(file.tests.rules.flatMap((rules) => rules.groups.map(plainGroup)));
    const alerts = file.whole.tests.map((test) => test.alerts.map(({ alert }) => alert));
    return splitTests(alerts, groups).map((part) => ({ file, ...part }));
  });
  const jobs = parts.map(({ file: { content }, tests, groups }) => ({
    rules: { 'rules.json': { groups } },
    tests: {
      'tests.json': {
        ...content,
        // promtool takes groups in any order but this.
        group_eval_order: content.group_eval_order ?? groups.map(({ name }) => name),
        rule_files: ['rules.json'],
        tests: tests.map((at) => content.tests[at]),
      },
    },
  }));
  const complaints = await runPromtool(jobs, { promtool, signal });
  const failures = parts.flatMap(({ file }, at) => failuresOf(file, complaints[at] as PromtoolComplaints));
  return [
    ...failures,
    ...vacuousTests(
      files.map(({ whole }) => whole),
      audited,
    ),
  ];
}

function failuresOf({ tests, whole }: Loaded, { mismatches, faults, others }: PromtoolComplaints): RuleTestFault[] {
  const fault = (line: number, rule: string | null, reason: string): RuleTestFault => ({
    id: 'test-fails',
    file: tests.file.path,
    line,
    rule,
    reason,
  });
  const lineOf = (name: string | null) => whole.tests.find((test) => test.name === name)?.line ?? 1;
  const alerts = mismatches.map(({ test, alert, time, got }) =>
    fault(
      lineOf(test),
      alert,
      `"${test ?? 'a test'}" expects something else at ${time} than ${got.length === 0 ? 'silence' : `${got.length} firing`}`,
    ),
  );
  const broken = faults.map(({ rule, message }) => fault(1, rule, `the rule cannot be evaluated: ${message}`));
  const expressions = others.flatMap((line, at) => {
    const [, expr] = /^\s+expr: (.*), time: /.exec(line) ?? [];
    if (expr !== undefined)
      return [fault(1, null, `${expr}: ${[others[at + 1], others[at + 2]].map((text) => text?.trim()).join(', ')}`)];
    return /^\s+(exp|got):/.test(line) ? [] : [fault(1, null, line.trim())];
  });
  return [...alerts, ...broken, ...expressions];
}
