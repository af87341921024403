import type { RuleFindings } from '../../../monitoring/audit/findings/find.ts';
import type { MutableRule, Mutant } from '../../../monitoring/audit/mutants/mutant.ts';
import type { PlainGroup } from '../../../monitoring/audit/mutants/plain.ts';
import { type KnownRules, knownRules, relevantRules } from '../../../monitoring/audit/mutants/relevant.ts';
import type { MutantFate, MutantSuite } from '../../../monitoring/audit/mutants/suite.ts';
import type { PromtoolComplaints } from '../../../monitoring/audit/promtool-output.ts';
import type { RuleFile } from '../../../monitoring/audit/rule-file/model.ts';
import { promtoolTest } from '../../../monitoring/audit/tests/render.ts';
import type { ChosenTest } from '../../../monitoring/audit/tests/select.ts';
import type { Witness } from '../../../monitoring/audit/witness/types.ts';
import { promqlDurationMs } from '../../../monitoring/promql/duration.ts';
import { type PromtoolOptions, runPromtool } from '../promtool.ts';
import type { GeneratedTests } from '../tests/generate.ts';
import { runSuites } from './run-suites.ts';
import { finishedTests, wholeFileJob } from './whole-file.ts';

/** An alert with the tests made for it. */
export interface TestedAlert extends GeneratedTests {
  entry: RuleFindings;
  rule: MutableRule;
  witness: Witness;
}

/**
 * Tests are made from a rule by itself; whoever runs them loads its whole file. There, rules of the same name answer too, and recording rules
 * may come later than the alert. What such a test expects is taken anew from promtool, and what it kills is found out again.
 */
export async function settleTests(
  alerts: readonly TestedAlert[],
  files: readonly RuleFile[],
  options: PromtoolOptions,
): Promise<TestedAlert[]> {
  const cases = [...Map.groupBy(alerts, ({ entry }) => entry.file)].flatMap(([path, members]) => {
    const loaded = loadedFor(path, members, files);
    const known = knownRules(loaded);
    const before = loaded.slice(0, -1).reduce((sum, { groups }) => sum + groups.length, 0);
    return members.flatMap((alert) => placed(alert, known, before, loaded.at(-1)));
  });
  // Alone in its test, a rule does what it was seen to do.
  const shared = cases.filter(({ groups }) => groups.reduce((sum, { rules }) => sum + rules.length, 0) > 1);
  const complaints = await runPromtool(shared.map(wholeFileJob), options);
  const settled = new Map<TestedAlert, TestedAlert>();
  const again: { alert: TestedAlert; suite: MutantSuite }[] = [];
  for (const [at, each] of shared.entries()) {
    const tests = amend(each.alert, complaints[at] as PromtoolComplaints);
    if (tests === each.alert.tests) continue;
    const amended = { ...each.alert, tests };
    settled.set(each.alert, amended);
    again.push({ alert: each.alert, suite: suiteOf({ ...each, alert: amended }) });
  }
  const results = await runSuites(
    again.map(({ suite }) => suite),
    options,
  );
  for (const [index, { alert }] of again.entries()) {
    const { fates, unsound } = results[index] as (typeof results)[number];
    settled.set(alert, withFates(settled.get(alert) as TestedAlert, unsound.length > 0 ? new Map() : fates));
  }
  return alerts.map((alert) => settled.get(alert) ?? alert);
}

/** An alert with the rules that have a part in its tests. */
interface Placed {
  alert: TestedAlert;
  groups: readonly PlainGroup[];
  /** Where the alert stands in them. */
  group: number;
  rule: number;
}

function placed(alert: TestedAlert, known: KnownRules, before: number, file: RuleFile | undefined): Placed[] {
  const { entry, rule, tests } = alert;
  const input = new Set(tests.flatMap(({ trial }) => trial.series.flatMap(({ labels }) => labels.__name__ ?? [])));
  const { groups, kept } = relevantRules(known, rule.alert, input);
  const own = file?.groups.indexOf(entry.group) ?? -1;
  const place = kept.get(`${before + own}:${entry.group.rules.indexOf(entry.rule)}`);
  return place === undefined || tests.length === 0 ? [] : [{ alert, groups, ...place }];
}

/** The rule files that the tests of a file's alerts need, in order: those that record what the alerts read, then itself. */
export function loadedFor(path: string, members: readonly TestedAlert[], files: readonly RuleFile[]): RuleFile[] {
  const recording = new Set(members.flatMap(({ witness }) => witness.recordingRules.map(({ file }) => file)));
  return [
    ...files.filter((file) => file.path !== path && recording.has(file.path)),
    ...files.filter((file) => file.path === path),
  ];
}

/** Tests with what promtool saw instead of what they expected; those that it could not finish are left out. The same list if all held. */
function amend({ rule, tests }: TestedAlert, complaints: PromtoolComplaints): readonly ChosenTest[] {
  const finished = finishedTests(complaints);
  const seen = complaints.mismatches.filter((each) => each.alert === rule.alert);
  if (seen.length === 0 && tests.every((_, at) => finished.has(`t${at}`))) return tests;
  return tests.flatMap((test, at): ChosenTest[] => {
    const name = `t${at}`;
    if (!finished.has(name)) return [];
    const expected = test.expected.map((each) => {
      const found = seen.find((mismatch) => mismatch.test === name && promqlDurationMs(mismatch.time) === each.timeMs);
      return found === undefined ? each : { ...each, firing: found.got };
    });
    return [{ ...test, expected }];
  });
}

function suiteOf({ alert, groups, group, rule }: Placed): MutantSuite {
  const { rule: mutable, witness, mutants, tests, fates } = alert;
  const clock = { alert: mutable.alert, intervalMs: witness.intervalMs, evaluationMs: witness.evaluationMs };
  return {
    alert: mutable.alert,
    group,
    rule,
    groups,
    mutants: mutants.filter((mutant) => fates.get(mutant)?.outcome === 'killed'),
    tests: tests.map((test, at) => ({ ...promtoolTest(clock, test), name: String(at) })),
    evaluationInterval: `${witness.evaluationMs}ms`,
    groupEvalOrder: groups.map(({ name }) => name),
  };
}

/** What was killed before counts only where it was killed again. */
function withFates(alert: TestedAlert, again: ReadonlyMap<Mutant, MutantFate>): TestedAlert {
  const fates = new Map(alert.fates);
  const killers = new Map(alert.killers);
  for (const [mutant, before] of alert.fates) {
    if (before.outcome !== 'killed') continue;
    const fate = again.get(mutant);
    const killer = alert.tests[Number(fate?.outcome === 'killed' ? (fate.by.match(/^\d+/)?.[0] ?? 0) : Number.NaN)];
    if (killer === undefined) {
      killers.delete(mutant);
      fates.set(mutant, { outcome: 'survived' });
    } else {
      killers.set(mutant, killer);
      fates.set(mutant, { outcome: 'killed', by: killer.trial.title });
    }
  }
  return { ...alert, fates, killers };
}
