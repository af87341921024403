import { availableParallelism } from 'node:os';
import { type MutableRule, type Mutant, mutantsOf } from '../../../monitoring/audit/mutants/mutant.ts';
import type { PlainRule } from '../../../monitoring/audit/mutants/plain.ts';
import type { MutantFate } from '../../../monitoring/audit/mutants/suite.ts';
import { observationsOf } from '../../../monitoring/audit/tests/assign.ts';
import type { Moment } from '../../../monitoring/audit/tests/observation.ts';
import { type Seek, seeker, trialKey } from '../../../monitoring/audit/tests/seek.ts';
import { type ChosenTest, chooseTrials } from '../../../monitoring/audit/tests/select.ts';
import type { Trial } from '../../../monitoring/audit/tests/trial.ts';
import { coreTrials } from '../../../monitoring/audit/tests/trials/core.ts';
import type { Witness } from '../../../monitoring/audit/witness/types.ts';
import type { PromtoolOptions } from '../promtool.ts';
import { createTurns } from '../turns.ts';
import { type ObservedRule, observe } from './observe.ts';

export interface GenerateOptions extends PromtoolOptions {
  /** Told while the alerts are gone through: how many the model is done with. */
  onProgress: (prepared: number) => void;
  /** Whether somebody reads the tests: then all situations that every alert is tried with are among them, with all that fires. */
  readable: boolean;
}

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

/** Plans of the solver that are tried for data that tells one mutant from its original. Counted, not timed: the same rules give the same tests. */
export const MOST_PLANS = 3;

/** Alerts that are prepared before promtool is asked. */
const RULES_A_BATCH = 16;

/** Batches before promtool while the model is at the next ones: bounds what is held in memory. */
const BATCHES_AT_ONCE = 6;

/** One alert while its tests are made. */
interface Case {
  source: WitnessedRule;
  mutants: readonly Mutant[];
  core: readonly Trial[];
  /** Looks in the model for trials that tell mutants, other than those used before. */
  seek: Seek;
  /** Trials that promtool ran. */
  used: Set<string>;
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
  options: GenerateOptions,
): Promise<GeneratedTests[]> {
  const shared = { ...options, turns: createTurns(availableParallelism()) };
  const batches: Promise<GeneratedTests[]>[] = [];
  for (let from = 0; from < rules.length; from += RULES_A_BATCH) {
    options.onProgress(from);
    const cases: Case[] = [];
    for (const source of rules.slice(from, from + RULES_A_BATCH)) {
      cases.push(prepare(source));
      await new Promise((resolve) => setImmediate(resolve));
      options.signal?.throwIfAborted();
    }
    // promtool runs while the model is at the next ones.
    await batches.at(-BATCHES_AT_ONCE);
    const batch = confirm(cases, shared);
    batch.catch(() => {});
    batches.push(batch);
  }
  return (await Promise.all(batches)).flat();
}

/** Lets promtool decide what the model hopes; a mutant that it does not tell there is looked for elsewhere. */
async function confirm(cases: readonly Case[], options: GenerateOptions): Promise<GeneratedTests[]> {
  const { readable } = options;
  for (let round = 0; round < ROUNDS; round += 1) {
    const observations = cases.map((each) => {
      // That it fires at all must be seen of every alert.
      const always = round > 0 ? [] : readable ? each.core : each.core.slice(0, 1);
      const choice = chooseTrials(always, each.hopes);
      return observationsOf(each.source, each.hopes, choice, { always, unabridged: round > 0, readable });
    });
    if (observations.flat().length === 0) break;
    const results = await observe(observations.flat(), options);
    let next = 0;
    for (const [index, each] of cases.entries()) {
      for (const { trial, timesMs } of observations[index] ?? []) {
        merge(each.seen, results[next++] as ObservedRule);
        if (timesMs.length === trial.timesMs.length) each.used.add(trialKey(trial));
      }
      const left = [...each.hopes.keys()].filter((mutant) => isOpen(each.seen, mutant));
      each.hopes = left.length === 0 || round === ROUNDS - 1 ? new Map() : each.seek(left, each.used);
    }
  }
  return cases.map(conclude);
}

/** Whether promtool did not tell a mutant from its original yet. */
function isOpen({ invalid, differs }: ObservedRule, mutant: Mutant): boolean {
  return !invalid.has(mutant) && (differs.get(mutant)?.length ?? 0) === 0;
}

function prepare(source: WitnessedRule): Case {
  const { rule, witness } = source;
  const mutants = mutantsOf(rule);
  const core = coreTrials(witness);
  const seek = seeker(source, core, { leftOpen: false, now: counting(), limitMs: MOST_PLANS });
  // Under another name it does the same; whoever expects it misses it.
  const live = mutants.filter(({ operator }) => operator !== 'rename');
  const seen = { original: new Map(), differs: new Map(), invalid: new Map() };
  return { source, mutants, core, seek, used: new Set(), hopes: seek(live, new Set()), seen };
}

function merge(into: ObservedRule, more: ObservedRule): void {
  for (const [trial, firing] of more.original) into.original.set(trial, firing);
  for (const [mutant, reason] of more.invalid) into.invalid.set(mutant, reason);
  for (const [mutant, moments] of more.differs) {
    into.differs.set(mutant, [...(into.differs.get(mutant) ?? []), ...moments]);
  }
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

/** A clock that goes on by one at each look. */
export function counting(): () => number {
  let looks = 0;
  return () => {
    looks += 1;
    return looks;
  };
}
