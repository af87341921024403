import { resolve } from 'node:path';
import type { RuleFindings } from '../../monitoring/audit/findings/find.ts';
import { type Fixture, readFixture } from '../../monitoring/audit/mutants/fixture/input-series.ts';
import { fixtureLack } from '../../monitoring/audit/mutants/fixture/lack.ts';
import { type MutableRule, type Mutant, mutantsOf } from '../../monitoring/audit/mutants/mutant.ts';
import { mutableRule, plainRule } from '../../monitoring/audit/mutants/plain.ts';
import type { MutantFate } from '../../monitoring/audit/mutants/suite.ts';
import { type MutantTally, type Survivor, tallyMutants } from '../../monitoring/audit/mutants/tally.ts';
import type { TestFault } from '../../monitoring/audit/mutants/test-fault.ts';
import {
  type AlertPlace,
  type LoadedTests,
  type UserSuite,
  userSuites,
} from '../../monitoring/audit/mutants/user-suites.ts';
import type { RuleFile } from '../../monitoring/audit/rule-file/model.ts';
import { renderTest } from '../../monitoring/audit/tests/render.ts';
import type { ChosenTest } from '../../monitoring/audit/tests/select.ts';
import type { WitnessResult } from '../../monitoring/audit/witness/types.ts';
import { printDuration } from '../../monitoring/promql/print.ts';
import { runSuites } from './mutants/run-suites.ts';
import { settleTests, type TestedAlert } from './mutants/settle.ts';
import type { PromtoolOptions } from './promtool.ts';
import { type GeneratedTests, generateTests } from './tests/generate.ts';

export interface MutantStepOptions extends PromtoolOptions {
  files: readonly RuleFile[];
  /** Tests that people wrote, to be judged; null to judge those that are made here. */
  tests: readonly LoadedTests[] | null;
  /** Whether the tests are to be written: they are then made to hold in whole rule files, which promtool takes long for. */
  keep: boolean;
  onProgress: (text: string) => void;
}

/** What the mutants of all alerts came to. */
export interface MutantResults {
  tallies: ReadonlyMap<RuleFindings, MutantTally>;
  /** Names of the tests of each alert; none for an alert without. */
  tested: ReadonlyMap<RuleFindings, readonly string[]>;
  faults: readonly TestFault[];
  made: readonly TestedAlert[];
}

/** An alert while it is judged. */
interface Subject {
  entry: RuleFindings;
  rule: MutableRule;
  mutants: readonly Mutant[];
  made: TestedAlert | null;
}

/**
 * Puts mutants of every alert before the tests of people, or before those that are made from its witness. An alert that cannot fire has no mutants to
 * tell apart; one without tests or witness has mutants that nobody could notice.
 */
export async function mutantsStep(
  found: readonly RuleFindings[],
  witnesses: ReadonlyMap<RuleFindings, WitnessResult>,
  options: MutantStepOptions,
): Promise<MutantResults> {
  const made = new Map((await makeTests(found, witnesses, options)).map((each) => [each.entry, each]));
  const subjects = found.flatMap((entry): Subject[] => {
    const { rule, expr } = entry;
    if (rule.kind !== 'alert' || expr === null || witnesses.get(entry)?.outcome === 'impossible') return [];
    const tests = made.get(entry) ?? null;
    const mutable = tests?.rule ?? mutableRule(rule, expr);
    return [{ entry, rule: mutable, mutants: tests?.mutants ?? mutantsOf(mutable), made: tests }];
  });
  const judged = options.tests === null ? judgeMade(subjects) : await judgeGiven(subjects, options.tests, options);
  return { ...judged, made: [...made.values()] };
}

async function makeTests(
  found: readonly RuleFindings[],
  witnesses: ReadonlyMap<RuleFindings, WitnessResult>,
  options: MutantStepOptions,
): Promise<TestedAlert[]> {
  const sources = found.flatMap((entry) => {
    const result = witnesses.get(entry);
    if (entry.expr === null || result?.outcome !== 'found') return [];
    const rule = mutableRule(entry.rule, entry.expr);
    return [{ entry, rule, plain: plainRule(entry.rule), witness: result.witness }];
  });
  const generated = await generateTests(sources, {
    ...options,
    onProgress: (prepared) => options.onProgress(`  tests made for ${prepared} of ${sources.length} alerts`),
    // Of tests of people that miss a mutant, the report shows one that does not.
    readable: options.keep || options.tests !== null,
  });
  const made = sources.map((source, index): TestedAlert => ({ ...source, ...(generated[index] as GeneratedTests) }));
  return options.keep ? settleTests(made, options.files, options) : made;
}

function judgeMade(subjects: readonly Subject[]): Omit<MutantResults, 'made'> {
  const tallies = new Map<RuleFindings, MutantTally>();
  const tested = new Map<RuleFindings, readonly string[]>();
  for (const { entry, rule, mutants, made } of subjects) {
    const reason = made === null ? 'untested' : 'survived';
    const judge = () => ({ reason, lack: null, killer: null }) as const;
    tallies.set(entry, tallyMutants(rule, made?.fates ?? new Map(), mutants, judge));
    tested.set(entry, made?.tests.map(({ trial }) => trial.title) ?? []);
  }
  return { tallies, tested, faults: [] };
}

async function judgeGiven(
  subjects: readonly Subject[],
  tests: readonly LoadedTests[],
  options: MutantStepOptions,
): Promise<Omit<MutantResults, 'made'>> {
  const suites = subjects.flatMap((subject) => {
    const place = placeOf(subject, tests);
    return place === null ? [] : userSuites(place, subject.mutants, tests).map((suite) => ({ subject, suite }));
  });
  options.onProgress(
    `  ${suites.reduce((sum, { subject }) => sum + subject.mutants.length, 0)} mutants before the given tests`,
  );
  const results = await runSuites(
    suites.map(({ suite }) => suite),
    options,
  );
  const recorded = recordedBy(tests);
  const tallies = new Map<RuleFindings, MutantTally>();
  const tested = new Map<RuleFindings, readonly string[]>();
  const faults: TestFault[] = [];
  for (const subject of subjects) {
    const own = results.filter((_, index) => suites[index]?.subject === subject);
    const names = own.flatMap(({ suite }) => suite.tests.map(({ name }) => name ?? ''));
    tested.set(subject.entry, names);
    const unsound = own.flatMap(({ suite, unsound: tests }) =>
      tests.map(({ test, reason }): TestFault => {
        const { file, lines } = suite as UserSuite;
        return { id: 'test-fails', file, line: lines[test ?? -1] ?? 1, alert: subject.rule.alert, reason };
      }),
    );
    faults.push(...unsound);
    if (unsound.length > 0) continue;
    const fates = new Map<Mutant, MutantFate>();
    for (const result of own) {
      for (const [mutant, fate] of result.fates) if (fates.get(mutant)?.outcome !== 'killed') fates.set(mutant, fate);
    }
    const fixtures = own.flatMap(({ suite }) => suite.tests.map(readFixture));
    tallies.set(
      subject.entry,
      tallyMutants(subject.rule, fates, subject.mutants, (mutant) =>
        judgeSurvivor(subject, mutant, fixtures, recorded),
      ),
    );
  }
  // One a test: what fails at one time mostly fails at the next, and for a rule of the same name.
  const each = new Map(faults.map((fault) => [`${fault.file}:${fault.line} ${fault.alert}`, fault]));
  return { tallies, tested, faults: [...each.values()] };
}

function judgeSurvivor(
  { rule, made }: Subject,
  mutant: Mutant,
  fixtures: readonly Fixture[],
  recorded: ReadonlySet<string>,
): Pick<Survivor, 'reason' | 'lack' | 'killer'> {
  const test = made?.killers.get(mutant);
  const killer = made === null || test === undefined ? null : killerText(rule.alert, made, test);
  if (fixtures.length === 0) return { reason: 'untested', lack: null, killer };
  const lack = fixtureLack(rule, mutant, fixtures, recorded);
  return { reason: lack === null ? 'survived' : 'fixture too poor', lack, killer };
}

/** The test with the interval that its file needs; tests of another one go into a file of their own. */
function killerText(alert: string, { witness }: TestedAlert, test: ChosenTest): string {
  const { intervalMs, evaluationMs } = witness;
  const interval = printDuration(evaluationMs);
  return `# evaluation_interval: ${interval}\n${renderTest({ alert, intervalMs, evaluationMs }, test)}`;
}

function recordedBy(tests: readonly LoadedTests[]): Set<string> {
  const rules = tests.flatMap(({ rules: files }) =>
    files.flatMap(({ groups }) => groups.flatMap((group) => group.rules)),
  );
  return new Set(rules.filter(({ kind }) => kind === 'record').map(({ name }) => name));
}

/** Where the alert stands in its file as the tests load it. */
function placeOf({ entry, rule }: Subject, tests: readonly LoadedTests[]): AlertPlace | null {
  const path = resolve(entry.file);
  const { line, column } = entry.rule.place;
  for (const { rules } of tests) {
    const groups = rules.find((file) => file.path === path)?.groups ?? [];
    for (const [group, { rules: members }] of groups.entries()) {
      const index = members.findIndex(({ place }) => place.line === line && place.column === column);
      if (index !== -1) return { path, group, rule: index, alert: rule.alert };
    }
  }
  return null;
}
