import type { Rule, RuleFile } from '../audit/rule-file/model.ts';
import { walk } from '../promql/ast.ts';
import { parsePromql } from '../promql/parse.ts';

/** A test, or the lack of one, that lets promtool pass without having looked. */
export interface VacuousTest {
  /**
   * `no-tests`: a file without any. `no-expectation`: a test that looks at nothing. `no-series`: no rule reads what the test feeds in. `untested`: a
   * rule that no test speaks of. `never-fires`, `never-silent`: an alert of which the tests expect only the one or the other.
   */
  id: 'no-tests' | 'no-expectation' | 'no-series' | 'untested' | 'never-fires' | 'never-silent';
  file: string;
  /** From 1. */
  line: number;
  /** Alert or recorded metric; null where a test or a file is at fault. */
  rule: string | null;
  reason: string;
}

/** A test file with all that it expects. */
export interface WholeTestFile {
  path: string;
  tests: readonly WholeTest[];
  rules: readonly RuleFile[];
}

export interface WholeTest {
  /** From 1. */
  line: number;
  name: string;
  /** Metrics that it feeds in. */
  input: ReadonlySet<string>;
  alerts: readonly { alert: string; firing: readonly Readonly<Record<string, string>>[] }[];
  /** Expressions that it evaluates. */
  expressions: readonly string[];
}

/**
 * What keeps some test files from proving the rules: tests that cannot fail, and rules without a test. Rules are those of the audited files.
 */
export function vacuousTests(files: readonly WholeTestFile[], audited: readonly RuleFile[]): VacuousTest[] {
  const perTest = files.flatMap((file) => {
    const read = metricsRead(file.rules);
    const fault = (id: VacuousTest['id'], line: number, reason: string) => ({
      id,
      file: file.path,
      line,
      rule: null,
      reason,
    });
    if (file.tests.length === 0) return [fault('no-tests', 1, 'the file holds no test, and promtool passes it')];
    return file.tests.flatMap((test) => {
      if (test.alerts.length + test.expressions.length === 0)
        return [fault('no-expectation', test.line, `"${test.name}" expects nothing, and promtool passes it`)];
      const used = new Set([...read, ...test.expressions.flatMap(metricsOf)]);
      if (test.input.size === 0 || used.has('') || [...test.input].some((metric) => used.has(metric))) return [];
      const series = [...test.input].join(', ');
      return [fault('no-series', test.line, `no rule reads what "${test.name}" feeds in: ${series}`)];
    });
  });
  return [
    ...perTest,
    ...audited.flatMap((file) =>
      file.groups.flatMap(({ rules }) => rules.flatMap((rule) => lackOf(rule, files) ?? [])),
    ),
  ];
}

function lackOf(rule: Rule, files: readonly WholeTestFile[]): VacuousTest | null {
  const { name, place } = rule;
  const lack = (id: VacuousTest['id'], reason: string) => ({
    id,
    file: place.file,
    line: place.line,
    rule: name,
    reason,
  });
  const tests = files.flatMap((file) => file.tests);
  if (rule.kind === 'record') {
    const seen = tests.some(({ expressions }) => expressions.some((text) => metricsOf(text).includes(name)));
    const feeds = metricsOf(rule.expr.text);
    const through = files.some((file) =>
      readersOf(file.rules, name).some((reader) =>
        file.tests.some(
          ({ input, alerts }) =>
            alerts.some(({ alert }) => alert === reader) && feeds.some((metric) => input.has(metric)),
        ),
      ),
    );
    return seen || through ? null : lack('untested', 'no test looks at what this rule records');
  }
  const looks = tests.flatMap(({ alerts }) => alerts.filter(({ alert }) => alert === name));
  if (looks.length === 0) return lack('untested', 'no test speaks of this alert');
  const own = ({ firing }: (typeof looks)[number]) => firing.some((labels) => isOf(rule, labels));
  if (!looks.some(own))
    return lack('never-fires', 'its tests only expect silence of it, which an alert that never fires passes too');
  const always = metricsOf(rule.expr.text).length === 0;
  if (!always && looks.every(own))
    return lack('never-silent', 'its tests only expect it to fire, which an alert that always fires passes too');
  return null;
}

/** Whether an expected alert carries the labels that the rule gives as they are. */
function isOf(rule: Rule, labels: Readonly<Record<string, string>>): boolean {
  return [...rule.labels].every(([label, { text }]) => text.includes('{{') || labels[label] === text);
}

function readersOf(files: readonly RuleFile[], metric: string): string[] {
  const rules = files.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  return rules
    .filter(({ kind, expr }) => kind === 'alert' && metricsOf(expr.text).includes(metric))
    .map(({ name }) => name);
}

function metricsRead(files: readonly RuleFile[]): string[] {
  return files.flatMap(({ groups }) =>
    groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => metricsOf(expr.text))),
  );
}

/** Names of the metrics that an expression reads; empty text for one that may be any. */
function metricsOf(text: string): string[] {
  const parsed = parsePromql(text);
  if (!parsed.ok) return [];
  return [...walk(parsed.expr)].flatMap((node) => (node.kind === 'selector' ? [node.name ?? ''] : []));
}
