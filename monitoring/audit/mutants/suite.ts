import type { PromtoolComplaints } from '../promtool-output.ts';
import type { Mutant } from './mutant.ts';
import { changedRule, type PlainGroup, type PlainRule } from './plain.ts';

/** An expectation on an alert at a time, as promtool's test files hold it. */
export interface AlertExpectation {
  eval_time: string;
  alertname: string;
  exp_alerts?: readonly { exp_labels?: unknown; exp_annotations?: unknown }[];
}

/** A test as promtool's test files hold it, as far as it is read here. */
export interface PromtoolTest {
  name?: string;
  interval?: string;
  input_series?: readonly { series: string; values: string }[];
  alert_rule_test?: readonly AlertExpectation[];
  external_labels?: Readonly<Record<string, string>>;
  external_url?: string;
}

/** The tests of one alert, and the mutants that they should notice. */
export interface MutantSuite {
  alert: string;
  /** The rule's place in `groups`. */
  group: number;
  rule: number;
  /** All groups that the tests load, the rule's among them. */
  groups: readonly PlainGroup[];
  mutants: readonly Mutant[];
  /** Those that expect something of the alert. */
  tests: readonly PromtoolTest[];
  evaluationInterval: string | undefined;
  groupEvalOrder: readonly string[] | undefined;
}

/** A test that fails for the rule as it is. */
export interface UnsoundTest {
  /** Its number among the tests of the suite; null where something fails before any test. */
  test: number | null;
  reason: string;
}

/** How one mutant fared. `invalid`: Prometheus would not load it, so nobody could deploy it. */
export type MutantFate =
  | { outcome: 'killed'; by: string }
  | { outcome: 'survived' }
  | { outcome: 'invalid'; reason: string };

/**
 * One rule file and one test file for all given mutants: each stands beside the original under a name of its own, and every expectation
 * on the alert is repeated for it. Rules of the same alert name go with it, since an expectation speaks of all of them.
 * @param prefix of the tests' names: tells suites apart that run together.
 */
export function suiteFiles(
  suite: MutantSuite,
  mutants: readonly Mutant[],
  { rulesName, prefix }: { rulesName: string; prefix: string },
): { rules: unknown; test: unknown } {
  const { alert, groups, tests, evaluationInterval, groupEvalOrder } = suite;
  const live = mutants.filter(({ operator }) => operator !== 'rename');
  const rules = groups.map((group, at) => ({
    ...group,
    // The copies would count towards it.
    limit: 0,
    rules: group.rules.flatMap((rule, index) =>
      rule.alert === alert
        ? [rule, ...live.map((mutant) => variantOf(rule, mutant, suite, { group: at, index, prefix }))]
        : [rule],
    ),
  }));
  const repeated = tests.map(({ alert_rule_test: expectations = [], ...test }, index) => ({
    interval: test.interval,
    input_series: test.input_series,
    external_labels: test.external_labels,
    external_url: test.external_url,
    name: `${prefix}${index}`,
    alert_rule_test: expectations
      .filter(({ alertname }) => alertname === alert)
      .flatMap((expectation) => [
        expectation,
        ...live.map((mutant) => ({ ...expectation, alertname: variantName(alert, mutant, prefix) })),
      ]),
  }));
  return {
    rules: { groups: rules },
    test: {
      rule_files: [rulesName],
      evaluation_interval: evaluationInterval,
      group_eval_order: groupEvalOrder,
      tests: repeated,
    },
  };
}

/** What a run of `suiteFiles` says of its mutants. */
export interface SuiteReading {
  fates: Map<Mutant, MutantFate>;
  /** Mutants to run again: a rule that failed to load or to be evaluated beside them stopped their test. */
  again: Mutant[];
  /** The tests that fail without any mutant; empty when they pass. */
  unsound: UnsoundTest[];
}

/** Reads what a run of `suiteFiles` with that prefix complained of. */
export function readSuite(
  suite: MutantSuite,
  mutants: readonly Mutant[],
  { complaints, prefix }: { complaints: PromtoolComplaints; prefix: string },
): SuiteReading {
  const { alert, tests } = suite;
  const byName = new Map(mutants.map((mutant) => [variantName(alert, mutant, prefix), mutant]));
  const fates = new Map<Mutant, MutantFate>();
  const unsound: UnsoundTest[] = [];
  const indexOf = (name: string) => Number(name.slice(prefix.length));
  const title = (name: string) => tests[indexOf(name)]?.name ?? `test ${indexOf(name) + 1}`;
  // promtool does not tell in which test a rule failed; the names of the copies tell whose they are.
  for (const { rule, message } of complaints.faults) {
    const mutant = byName.get(rule);
    if (mutant !== undefined) fates.set(mutant, { outcome: 'killed', by: `it cannot be evaluated: ${message}` });
    else if (!isVariantName(rule)) unsound.push({ test: null, reason: `rule ${rule}: ${message}` });
  }
  for (const line of complaints.others) {
    const mutant = [...byName].find(([name]) => line.includes(`"${name}"`))?.[1];
    if (mutant !== undefined) fates.set(mutant, { outcome: 'invalid', reason: line.trim() });
    else unsound.push({ test: null, reason: line.trim() });
  }
  const stopped = fates.size > 0;
  for (const { alert: name, time, test } of complaints.mismatches) {
    if (test?.startsWith(prefix) !== true) continue;
    const mutant = byName.get(name);
    if (mutant !== undefined && !fates.has(mutant))
      fates.set(mutant, { outcome: 'killed', by: `${title(test)} at ${time}` });
    if (name === alert)
      unsound.push({ test: indexOf(test), reason: `it does not hold at ${time} for the rule as it is` });
  }
  const again: Mutant[] = [];
  const fires = tests.some(({ alert_rule_test: each = [] }) =>
    each.some(({ alertname, exp_alerts: expected = [] }) => alertname === alert && expected.length > 0),
  );
  for (const mutant of mutants) {
    if (fates.has(mutant)) continue;
    // Whoever expects the alert by its name misses it under another.
    if (mutant.operator === 'rename' && fires)
      fates.set(mutant, { outcome: 'killed', by: 'every test that expects it' });
    else if (stopped && mutant.operator !== 'rename') again.push(mutant);
    else fates.set(mutant, { outcome: 'survived' });
  }
  return { fates, again, unsound };
}

/** Whether a rule of that name is a copy that `suiteFiles` made, of whatever suite. */
export function isVariantName(name: string): boolean {
  return /__\w+m\d+$/.test(name);
}

/** The name under which a mutant stands beside its original; unlike that of every other suite's mutants in one run. */
function variantName(alert: string, { id }: Mutant, prefix: string): string {
  return `${alert}__${prefix}m${id}`;
}

function variantOf(
  rule: PlainRule,
  mutant: Mutant,
  suite: MutantSuite,
  { group, index, prefix }: { group: number; index: number; prefix: string },
): PlainRule {
  const itself = group === suite.group && index === suite.rule;
  return changedRule(rule, itself ? mutant.change : {}, variantName(suite.alert, mutant, prefix));
}
