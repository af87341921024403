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

/** A test file with all that it expects, and the rules that it loads. */
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

/** Metrics that an expression reads; the empty name for one that may be any. */
type Reads = (expression: string) => ReadonlySet<string>;

/** What keeps some test files from proving the audited rules: tests that cannot fail, and rules without a test. */
export function vacuousTests(files: readonly WholeTestFile[], audited: readonly RuleFile[]): VacuousTest[] {
  const reads = createReads();
  const looks = Map.groupBy(
    files.flatMap((file) => file.tests.flatMap((test) => test.alerts.map((look) => ({ ...look, test })))),
    ({ alert }) => alert,
  );
  const evaluated = new Set(
    files.flatMap(({ tests }) => tests.flatMap(({ expressions }) => expressions.flatMap((text) => [...reads(text)]))),
  );
  const rules = rulesOf(audited);
  return [
    ...files.flatMap((file) => idleTests(file, reads)),
    ...rules.flatMap((rule) => {
      if (rule.kind === 'alert') return alertLack(rule, looks.get(rule.name) ?? [], reads) ?? [];
      const readers = rules.filter(({ kind, expr }) => kind === 'alert' && reads(expr.text).has(rule.name));
      const feeds = [...reads(rule.expr.text)];
      const through = readers.some(({ name }) =>
        looks.get(name)?.some(({ test }) => feeds.some((metric) => test.input.has(metric))),
      );
      if (evaluated.has(rule.name) || through) return [];
      return [lack(rule, 'untested', 'no test looks at what this rule records')];
    }),
  ];
}

function idleTests({ path, tests, rules }: WholeTestFile, reads: Reads): VacuousTest[] {
  const fault = (id: VacuousTest['id'], line: number, reason: string) => ({ id, file: path, line, rule: null, reason });
  if (tests.length === 0) return [fault('no-tests', 1, 'the file holds no test, and promtool passes it')];
  const known = new Set(rulesOf(rules).flatMap(({ expr }) => [...reads(expr.text)]));
  return tests.flatMap(({ line, name, input, alerts, expressions }) => {
    if (alerts.length + expressions.length === 0)
      return [fault('no-expectation', line, `"${name}" expects nothing, and promtool passes it`)];
    const isRead = (metric: string) => known.has(metric) || expressions.some((text) => reads(text).has(metric));
    if (input.size === 0 || isRead('') || [...input].some(isRead)) return [];
    return [fault('no-series', line, `no rule reads what "${name}" feeds in: ${[...input].join(', ')}`)];
  });
}

function alertLack(
  rule: Rule,
  looks: readonly { firing: readonly Readonly<Record<string, string>>[] }[],
  reads: Reads,
): VacuousTest | null {
  if (looks.length === 0) return lack(rule, 'untested', 'no test speaks of this alert');
  const fires = ({ firing }: (typeof looks)[number]) => firing.some((labels) => isOf(rule, labels));
  if (!looks.some(fires))
    return lack(rule, 'never-fires', 'its tests only expect silence of it, which an alert that never fires passes too');
  if (reads(rule.expr.text).size > 0 && looks.every(fires))
    return lack(rule, 'never-silent', 'its tests only expect it to fire, which an alert that always fires passes too');
  return null;
}

function lack({ name, place }: Rule, id: VacuousTest['id'], reason: string): VacuousTest {
  return { id, file: place.file, line: place.line, rule: name, reason };
}

/** Whether an expected alert carries the labels that the rule gives as they are. */
function isOf(rule: Rule, labels: Readonly<Record<string, string>>): boolean {
  return [...rule.labels].every(([label, { text }]) => text.includes('{{') || labels[label] === text);
}

function rulesOf(files: readonly RuleFile[]): Rule[] {
  return files.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
}

/** Parses each expression once: every test file speaks of the same ones. */
function createReads(): Reads {
  const known = new Map<string, ReadonlySet<string>>();
  return (expression) => {
    const before = known.get(expression);
    if (before !== undefined) return before;
    const parsed = parsePromql(expression);
    const nodes = parsed.ok ? [...walk(parsed.expr)] : [];
    const metrics = new Set(nodes.flatMap((node) => (node.kind === 'selector' ? [node.name ?? ''] : [])));
    known.set(expression, metrics);
    return metrics;
  };
}
