import { equivalence } from '../../../monitoring/audit/mutants/equivalent.ts';
import { type MutableRule, type Mutant, mutantsOf } from '../../../monitoring/audit/mutants/mutant.ts';
import type { PlainRule } from '../../../monitoring/audit/mutants/plain.ts';
import type { MutantFate } from '../../../monitoring/audit/mutants/suite.ts';
import type { Moment, Observation } from '../../../monitoring/audit/tests/observation.ts';
import { createPredictor } from '../../../monitoring/audit/tests/predict.ts';
import { searchTrials } from '../../../monitoring/audit/tests/search.ts';
import { type Choice, type ChosenTest, chooseTrials } from '../../../monitoring/audit/tests/select.ts';
import { solveApart } from '../../../monitoring/audit/tests/solve-apart.ts';
import type { Trial } from '../../../monitoring/audit/tests/trial.ts';
import { boundaryTrials } from '../../../monitoring/audit/tests/trials/boundary.ts';
import { coreTrials } from '../../../monitoring/audit/tests/trials/core.ts';
import { trialsFor, WAVES } from '../../../monitoring/audit/tests/trials.ts';
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

/** A mutant that promtool does not tell where the model does is looked for elsewhere this many times. */
const ROUNDS = 3;

/** Bound of the search for data that tells one mutant from its original. */
const SOLVE_LIMIT_MS = 40;

/** One alert while its tests are made. */
interface Case {
  source: WitnessedRule;
  mutants: readonly Mutant[];
  core: readonly Trial[];
  /** Where the model tells a mutant from its original, and nobody has looked yet. */
  hopes: Map<Mutant, readonly Moment[]>;
  seen: ObservedRule;
}

/**
 * Makes tests from witnesses. The model finds trials that tell each mutant from its original; as few as needed are kept, and promtool runs them. What
 * a test expects is what promtool saw the rule itself do, and only mutants that it saw do something else count as killed.
 */
export async function generateTests(
  rules: readonly WitnessedRule[],
  options: PromtoolOptions,
): Promise<GeneratedTests[]> {
  const cases: Case[] = [];
  for (const source of rules) {
    cases.push(prepare(source));
    await new Promise((resolve) => setImmediate(resolve));
    options.signal?.throwIfAborted();
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const choices = cases.map((each) => chooseTrials(round === 0 ? each.core : [], each.hopes));
    const observations = cases.map((each, index) => observationsOf(each, choices[index] as Choice));
    const results = await observe(observations.flat(), options);
    let next = 0;
    for (const [index, each] of cases.entries()) {
      for (const _ of observations[index] ?? []) merge(each.seen, results[next++] as ObservedRule);
      each.hopes = leftOver(each, choices[index] as Choice);
    }
    if (cases.every(({ hopes }) => hopes.size === 0)) break;
  }
  return cases.map(conclude);
}

function prepare(source: WitnessedRule): Case {
  const { rule, witness } = source;
  const mutants = mutantsOf(rule);
  const core = coreTrials(witness);
  const hopes = new Map<Mutant, readonly Moment[]>();
  const predict = createPredictor(rule, witness);
  const look = (trials: readonly Trial[], among: readonly Mutant[]) => {
    // Without a model of the rule every trial may tell.
    const found = predict.differs(among, trials);
    for (const mutant of among) {
      const moments = found === null ? trials.map(lastMoment) : (found.get(mutant) ?? []);
      if (moments.length > 0) hopes.set(mutant, [...(hopes.get(mutant) ?? []), ...moments]);
    }
  };
  // Under another name it does the same; whoever expects it misses it.
  const live = mutants.filter(({ operator }) => operator !== 'rename');
  look(core, live);
  look(
    boundaryTrials(source, predict),
    live.filter((mutant) => !hopes.has(mutant)),
  );
  for (const wave of WAVES) {
    const open = live.filter((mutant) => !hopes.has(mutant));
    for (const group of trialsFor(wave, source, open)) look(group.trials, group.mutants);
  }
  const open = () => live.filter((mutant) => !hopes.has(mutant) && equivalence(rule, mutant) === null);
  for (const [mutant, moments] of searchTrials(source, open(), predict)) hopes.set(mutant, moments);
  const solving = { leftOpen: false, now: () => performance.now(), limitMs: SOLVE_LIMIT_MS };
  for (const [mutant, moments] of solveApart(source, open(), predict, solving)) hopes.set(mutant, moments);
  const seen = { original: new Map(), differs: new Map(), invalid: new Map() };
  return { source, mutants, core, hopes, seen };
}

/** Each chosen trial with the mutants that it alone is to tell: a mutant that is told once need not be run again. */
function observationsOf({ source, hopes }: Case, choice: Choice): Observation[] {
  const assigned = new Set<Mutant>();
  return [...choice].map(([trial, timesMs]) => {
    const mutants = [...hopes].flatMap(([mutant, moments]) => {
      const told = moments.some((moment) => moment.trial === trial && timesMs.includes(moment.timeMs));
      return told && !assigned.has(mutant) ? [mutant] : [];
    });
    for (const mutant of mutants) assigned.add(mutant);
    return { ...source, mutants, trials: [trial] };
  });
}

function merge(into: ObservedRule, more: ObservedRule): void {
  for (const [trial, firing] of more.original) into.original.set(trial, firing);
  for (const [mutant, reason] of more.invalid) into.invalid.set(mutant, reason);
  for (const [mutant, moments] of more.differs) {
    into.differs.set(mutant, [...(into.differs.get(mutant) ?? []), ...moments]);
  }
}

/** Mutants that promtool did not tell where they were looked for, with the moments that are left. */
function leftOver({ hopes, seen }: Case, choice: Choice): Map<Mutant, readonly Moment[]> {
  const left = new Map<Mutant, readonly Moment[]>();
  for (const [mutant, moments] of hopes) {
    if (seen.invalid.has(mutant) || (seen.differs.get(mutant)?.length ?? 0) > 0) continue;
    const elsewhere = moments.filter(({ trial }) => !choice.has(trial));
    if (elsewhere.length > 0) left.set(mutant, elsewhere);
  }
  return left;
}

function conclude({ mutants, core, seen }: Case): GeneratedTests {
  const { original, invalid } = seen;
  const fates = new Map<Mutant, MutantFate>(
    [...invalid].map(([mutant, reason]) => [mutant, { outcome: 'invalid', reason }]),
  );
  const evidence = new Map(
    [...seen.differs].map(([mutant, moments]) => [mutant, moments.filter(({ trial }) => original.has(trial))]),
  );
  const usable = core.filter((trial) => original.has(trial));
  const tests = [...chooseTrials(usable, evidence)].map(([trial, times]): ChosenTest => {
    const firing = original.get(trial);
    return { trial, expected: times.map((timeMs) => ({ timeMs, firing: firing?.get(timeMs) ?? [] })) };
  });
  const firingTest = tests.find(({ expected }) => expected.some(({ firing }) => firing.length > 0));
  const killers = new Map<Mutant, ChosenTest>();
  for (const mutant of mutants) {
    if (fates.has(mutant)) continue;
    const killer = mutant.operator === 'rename' ? firingTest : killerOf(tests, evidence.get(mutant) ?? []);
    if (killer !== undefined) killers.set(mutant, killer);
    fates.set(mutant, killer === undefined ? { outcome: 'survived' } : { outcome: 'killed', by: killer.trial.title });
  }
  return { mutants, tests, fates, killers };
}

function killerOf(tests: readonly ChosenTest[], moments: readonly Moment[]): ChosenTest | undefined {
  return tests.find(({ trial, expected }) =>
    expected.some(({ timeMs }) => moments.some((moment) => moment.trial === trial && moment.timeMs === timeMs)),
  );
}

function lastMoment(trial: Trial): Moment {
  return { trial, timeMs: trial.timesMs.at(-1) ?? 0 };
}
