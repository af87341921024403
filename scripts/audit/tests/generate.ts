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
import { bucketTrials } from '../../../monitoring/audit/tests/trials/buckets.ts';
import { coreTrials } from '../../../monitoring/audit/tests/trials/core.ts';
import { trialsFor, WAVES } from '../../../monitoring/audit/tests/trials.ts';
import { candidatesFor } from '../../../monitoring/audit/witness/find.ts';
import type { Witness } from '../../../monitoring/audit/witness/types.ts';
import { walk } from '../../../monitoring/promql/ast.ts';
import { parsePromql } from '../../../monitoring/promql/parse.ts';
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
const SOLVE_LIMIT_MS = 15;

/** Ways to look at one alert. */
const MOST_VIEWS = 5;

/** Mutants of one alert for which that search is made. */
const MOST_SOLVED = 12;

/** Alerts that are prepared before promtool is asked. */
const RULES_A_BATCH = 24;

/** An alert with one of the inputs that say something about it. */
type View = Pick<WitnessedRule, 'rule' | 'witness'>;

/** One alert while its tests are made. */
interface Case {
  source: WitnessedRule;
  mutants: readonly Mutant[];
  core: readonly Trial[];
  /** Looks in the model for trials that tell mutants, other than those used before. */
  seek: (mutants: readonly Mutant[], used: ReadonlySet<string>) => Map<Mutant, readonly Moment[]>;
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
  options: PromtoolOptions,
): Promise<GeneratedTests[]> {
  const batches: Promise<GeneratedTests[]>[] = [];
  for (let from = 0; from < rules.length; from += RULES_A_BATCH) {
    const cases: Case[] = [];
    for (const source of rules.slice(from, from + RULES_A_BATCH)) {
      cases.push(prepare(source));
      await new Promise((resolve) => setImmediate(resolve));
      options.signal?.throwIfAborted();
    }
    // promtool runs while the model is at the next ones; two batches at once keep both processors busy.
    if (batches.length > 0) await batches.at(-2);
    const batch = confirm(cases, options);
    batch.catch(() => {});
    batches.push(batch);
  }
  return (await Promise.all(batches)).flat();
}

/** Lets promtool decide what the model hopes; a mutant that it does not tell there is looked for elsewhere. */
async function confirm(cases: readonly Case[], options: PromtoolOptions): Promise<GeneratedTests[]> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const choices = cases.map((each) => chooseTrials(round === 0 ? each.core : [], each.hopes));
    const observations = cases.map((each, index) => observationsOf(each, choices[index] as Choice));
    if (observations.flat().length === 0) break;
    const results = await observe(observations.flat(), options);
    let next = 0;
    for (const [index, each] of cases.entries()) {
      for (const _ of observations[index] ?? []) merge(each.seen, results[next++] as ObservedRule);
      for (const trial of (choices[index] as Choice).keys()) each.used.add(trialKey(trial));
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
  const seek = seeker(source, core);
  // Under another name it does the same; whoever expects it misses it.
  const live = mutants.filter(({ operator }) => operator !== 'rename');
  const seen = { original: new Map(), differs: new Map(), invalid: new Map() };
  return { source, mutants, core, seek, used: new Set(), hopes: seek(live, new Set()), seen };
}

/** Looks for trials that tell mutants from their original in the model, the cheap ones first. */
function seeker(source: WitnessedRule, core: readonly Trial[]): Case['seek'] {
  const { rule, witness } = source;
  const predict = createPredictor(rule, witness);
  // Without a model of the rule every trial may tell.
  const modelled = core[0] !== undefined && predict.firing(core[0]) !== null;
  return (mutants, used) => {
    const hopes = new Map<Mutant, readonly Moment[]>();
    /** Notes where trials tell; a mutant that one of them tells is not tried with the next. */
    const look = (trials: readonly Trial[], among: readonly Mutant[]) => {
      let left = among;
      for (const trial of trials) {
        if (left.length === 0) return;
        if (used.size > 0 && used.has(trialKey(trial))) continue;
        const found = modelled
          ? predict.differs(left, [trial])
          : new Map(left.map((mutant) => [mutant, [lastMoment(trial)]]));
        for (const [mutant, moments] of found) hopes.set(mutant, [...(hopes.get(mutant) ?? []), ...moments]);
        left = left.filter((mutant) => !hopes.has(mutant));
      }
    };
    look(core, mutants);
    const open = () => mutants.filter((mutant) => !hopes.has(mutant) && equivalence(rule, mutant) === null);
    for (const view of viewsOf(source)) {
      if (open().length === 0) return hopes;
      const { trials: boundaries, edges } = boundaryTrials(view, predict);
      look(boundaries, open());
      look(bucketTrials(view, predict), open());
      const pieces = { ...view, edges };
      for (const wave of WAVES) for (const group of trialsFor(wave, pieces, open())) look(group.trials, group.mutants);
      for (const [mutant, moments] of searchTrials(pieces, open(), predict)) hopes.set(mutant, moments);
    }
    const solving = { leftOpen: false, now: () => performance.now(), limitMs: SOLVE_LIMIT_MS };
    const worthwhile = open().slice(0, MOST_SOLVED);
    for (const [mutant, moments] of solveApart(source, worthwhile, predict, solving)) hopes.set(mutant, moments);
    return hopes;
  };
}

/** The witness, one for each further way in which an `or` can hold, and one for each `unless` in which what it takes away is there too. */
function viewsOf(source: WitnessedRule): View[] {
  const { rule, witness } = source;
  const nodes = [...walk(rule.ast)].filter((node) => node.kind === 'binary');
  const ways = nodes.filter(({ op }) => op === 'or').length;
  const exprs = [
    ...(ways === 0 ? [] : [{ expr: rule.ast, most: ways }]),
    ...nodes.flatMap(({ op, opSpan }) => {
      const parsed =
        op === 'unless' ? parsePromql(`${rule.expr.slice(0, opSpan.from)}and${rule.expr.slice(opSpan.to)}`) : null;
      return parsed?.ok === true ? [{ expr: parsed.expr, most: 1 }] : [];
    }),
  ];
  const views: View[] = [source];
  const known = new Set([namesOf(witness.series)]);
  const clock = { leftOpen: false, now: () => performance.now(), limitMs: SOLVE_LIMIT_MS };
  for (const { expr, most } of exprs.slice(0, MOST_VIEWS)) {
    const { forMs, keepFiringForMs } = rule;
    let [tried, added] = [0, 0];
    for (const found of candidatesFor({ expr, forMs, keepFiringForMs, groupIntervalMs: null, mentioned: [] }, clock)) {
      tried += 1;
      if (tried > 3 * most || added === most) break;
      if (known.has(namesOf(found.series))) continue;
      known.add(namesOf(found.series));
      added += 1;
      const fireAtMs = Math.ceil(found.fireAtMs / witness.evaluationMs) * witness.evaluationMs;
      const endMs = Math.max(fireAtMs, found.endMs);
      views.push({ rule, witness: { ...witness, series: found.series, fireAtMs, endMs, near: null } });
    }
  }
  return views;
}

function namesOf(series: Witness['series']): string {
  return series.map(({ labels }) => JSON.stringify(labels)).join('\n');
}

function trialKey({ series }: Trial): string {
  return JSON.stringify(series);
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
