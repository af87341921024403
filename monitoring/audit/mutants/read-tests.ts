import { isNode, isSeq } from 'yaml';
import type { Problem, SourceFile } from '../../../thresholds/load/problem.ts';
import { type ParsedText, parseText, placeOfOffset } from '../rule-file/documents.ts';
import type { PromtoolTest } from './suite.ts';

/** A test file of promtool, as far as it is read here. */
export interface TestFile {
  path: string;
  /** As written: paths and patterns, relative to the file. */
  ruleFiles: readonly string[];
  evaluationInterval: string | undefined;
  groupEvalOrder: readonly string[] | undefined;
  tests: readonly PromtoolTest[];
  /** The line, from 1, on which each of them begins. */
  lines: readonly number[];
}

/** More aliases than this in a test file are an attack on memory, not a test. */
const MAX_ALIASES = 1_000;

/** Reads a test file of promtool; what keeps it from being one is a problem with its place. */
export function readTestFile(source: SourceFile): TestFile | Problem {
  const { parsed, problems } = parseText(source);
  const [fault] = problems;
  if (fault !== undefined) return fault;
  const problem = (rule: string, fix: string): Problem => {
    return { file: source.path, line: 1, column: 1, length: 1, path: '', rule, fix };
  };
  let content: unknown;
  try {
    content = parsed.documents[0]?.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    return problem('aliases make this file far larger than it is written', 'write the parts out, or use fewer aliases');
  }
  if (!isMap(content)) return problem('it is no map with rule_files and tests', 'give a test file of promtool');
  const { rule_files: ruleFiles, tests, evaluation_interval: interval, group_eval_order: order } = content;
  if (!isListOf(ruleFiles, isText))
    return problem('rule_files must be a list of paths', 'name the rule files under test');
  if (!isListOf(tests, isMap)) return problem('tests must be a list of tests', 'give a test file of promtool');
  return {
    path: source.path,
    ruleFiles,
    evaluationInterval: isText(interval) ? interval : undefined,
    groupEvalOrder: isListOf(order, isText) ? order : undefined,
    tests: tests.map(readTest),
    lines: linesOf(parsed, tests.length),
  };
}

/** A test with lists where they belong, also where a key stands without a value or what stands there is something else. */
function readTest(test: Record<string, unknown>): PromtoolTest {
  const { name, interval, external_labels: labels, external_url: url } = test;
  return {
    ...(isText(name) ? { name } : {}),
    ...(isText(interval) ? { interval } : {}),
    ...(isMap(labels) ? { external_labels: labels as Record<string, string> } : {}),
    ...(isText(url) ? { external_url: url } : {}),
    input_series: maps(test.input_series).map(({ series, values }) => {
      return { series: String(series ?? ''), values: String(values ?? '') };
    }),
    alert_rule_test: maps(test.alert_rule_test).map(({ eval_time: time, alertname, exp_alerts: expected }) => ({
      eval_time: String(time ?? '0s'),
      alertname: String(alertname ?? ''),
      exp_alerts: maps(expected),
    })),
  };
}

function maps(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}

function linesOf({ documents, lines }: ParsedText, count: number): number[] {
  const list = documents[0]?.get('tests');
  return Array.from({ length: count }, (_, index) => {
    const item = isSeq(list) ? list.items[index] : undefined;
    return isNode(item) && item.range ? placeOfOffset(lines, item.range[0]).line : 1;
  });
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isListOf<T>(value: unknown, check: (each: unknown) => each is T): value is T[] {
  return Array.isArray(value) && value.every(check);
}
