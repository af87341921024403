import { type MutableRule, type Mutant, mutantsOf } from '../../../monitoring/audit/mutants/mutant.ts';
import type { PlainRule } from '../../../monitoring/audit/mutants/plain.ts';
import type { MutantFate } from '../../../monitoring/audit/mutants/suite.ts';
import type { FiringAlert } from '../../../monitoring/audit/promtool-output.ts';
import type { Moment, Observation } from '../../../monitoring/audit/tests/observation.ts';
import { type ChosenTest, selectTests } from '../../../monitoring/audit/tests/select.ts';
import type { Trial } from '../../../monitoring/audit/tests/trial.ts';
import { coreTrials } from '../../../monitoring/audit/tests/trials/core.ts';
import { trialsFor } from '../../../monitoring/audit/tests/trials.ts';
import type { Witness } from '../../../monitoring/audit/witness/types.ts';
import type { PromtoolOptions } from '../promtool.ts';
import { type ObservedRule, observe } from './observe.ts';

/** An alert with data that makes it fire. */
export interface WitnessedRule {
  rule: MutableRule;
  plain: PlainRule;
  witness: Witness;
}

/** Tests of an alert, and what each of its mutants does in them. */
export interface GeneratedTests {
  mutants: readonly Mutant[];
  tests: readonly ChosenTest[];
  /** `killed` by one of the tests, `survived` all trials that were thought of. */
  fates: ReadonlyMap<Mutant, MutantFate>;
  /** For each mutant that can be told from its original: a test that does. */
  killers: ReadonlyMap<Mutant, ChosenTest>;
}

/**
 * Makes tests from witnesses: tries each alert and its mutants with the core trials, those that nobody can tell apart with further ones, and keeps
 * as few as tell all that can be told. What a test expects is what promtool saw the rule itself do.
 */
export async function generateTests(
  rules: readonly WitnessedRule[],
  options: PromtoolOptions,
): Promise<GeneratedTests[]> {
  const cases = rules.map((source) => {
    const mutants = mutantsOf(source.rule);
    // Under another name it does the same; whoever expects it misses it.
    const live = mutants.filter(({ operator }) => operator !== 'rename');
    return { source, mutants, live, core: coreTrials(source.witness) };
  });
  const first = await observe(
    cases.map(({ source, live, core }): Observation => ({ ...source, mutants: live, trials: core })),
    options,
  );
  const further = cases.map(({ source, live }, index) => {
    const seen = first[index] as ObservedRule;
    const open = live.filter((mutant) => !seen.invalid.has(mutant) && (seen.differs.get(mutant)?.length ?? 0) === 0);
    return groupTrials(source, open);
  });
  const second = await observe(further.flat(), options);
  let next = 0;
  return cases.map(({ mutants, core }, index) => {
    const parts = [first[index] as ObservedRule];
    for (const _ of further[index] ?? []) parts.push(second[next++] as ObservedRule);
    return conclude(mutants, core, parts);
  });
}

/** Trials with the same mutants run together. */
function groupTrials(source: WitnessedRule, open: readonly Mutant[]): Observation[] {
  const groups = new Map<string, { mutants: readonly Mutant[]; trials: Trial[] }>();
  for (const { trial, mutants } of trialsFor(source, open)) {
    const key = mutants.map(({ id }) => id).join();
    const group = groups.get(key) ?? { mutants, trials: [] };
    group.trials.push(trial);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ ...source, ...group }));
}

function conclude(mutants: readonly Mutant[], core: readonly Trial[], parts: readonly ObservedRule[]): GeneratedTests {
  const original = new Map<Trial, ReadonlyMap<number, readonly FiringAlert[]>>();
  const evidence = new Map<Mutant, Moment[]>();
  const fates = new Map<Mutant, MutantFate>();
  for (const part of parts) {
    for (const [trial, firing] of part.original) original.set(trial, firing);
    for (const [mutant, reason] of part.invalid) fates.set(mutant, { outcome: 'invalid', reason });
    for (const [mutant, moments] of part.differs) {
      const usable = moments.filter(({ trial }) => original.has(trial) || part.original.has(trial));
      evidence.set(mutant, [...(evidence.get(mutant) ?? []), ...usable]);
    }
  }
  const tests = selectTests(core, original, evidence);
  const fires = tests.some(({ expected }) => expected.some(({ firing }) => firing.length > 0));
  const killers = new Map<Mutant, ChosenTest>();
  for (const mutant of mutants) {
    if (fates.has(mutant)) continue;
    const killer = mutant.operator === 'rename' ? firingTest(tests) : killerOf(tests, evidence.get(mutant) ?? []);
    if (killer !== undefined) killers.set(mutant, killer);
    const killed = mutant.operator === 'rename' ? fires : killer !== undefined;
    fates.set(mutant, killed ? { outcome: 'killed', by: killer?.trial.title ?? '' } : { outcome: 'survived' });
  }
  return { mutants, tests, fates, killers };
}

function firingTest(tests: readonly ChosenTest[]): ChosenTest | undefined {
  return tests.find(({ expected }) => expected.some(({ firing }) => firing.length > 0));
}

function killerOf(tests: readonly ChosenTest[], moments: readonly Moment[]): ChosenTest | undefined {
  return tests.find(({ trial, expected }) =>
    expected.some(({ timeMs }) => moments.some((moment) => moment.trial === trial && moment.timeMs === timeMs)),
  );
}
