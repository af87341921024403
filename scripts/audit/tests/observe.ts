import type { Mutant } from '../../../monitoring/audit/mutants/mutant.ts';
import type { FiringAlert } from '../../../monitoring/audit/promtool-output.ts';
import {
  type Moment,
  type Observation,
  observationFiles,
  readObservation,
} from '../../../monitoring/audit/tests/observation.ts';
import type { Trial } from '../../../monitoring/audit/tests/trial.ts';
import { type PromtoolJob, type PromtoolOptions, runPromtool } from '../promtool.ts';

/** What was seen of a rule and its mutants. */
export interface ObservedRule {
  original: Map<Trial, ReadonlyMap<number, readonly FiringAlert[]>>;
  differs: Map<Mutant, Moment[]>;
  invalid: Map<Mutant, string>;
}

/** Observations in one process: starting promtool costs as much as ten small tests. */
const OBSERVATIONS_A_JOB = 32;

/** Mutants that stop a trial are taken out round by round. */
const MAX_ROUNDS = 12;

/** Looks at what each rule and its mutants do in a trial. A mutant that cannot be evaluated there differs at its end. */
export async function observe(observations: readonly Observation[], options: PromtoolOptions): Promise<ObservedRule[]> {
  const runs = observations.map(
    (observation): Run => ({
      observation,
      seen: { original: new Map(), differs: new Map(), invalid: new Map() },
      alone: false,
      open: true,
    }),
  );
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const open = runs.filter((run) => run.open);
    if (open.length === 0) break;
    const together = open.filter(({ alone }) => !alone);
    const batches = [
      ...Array.from({ length: Math.ceil(together.length / OBSERVATIONS_A_JOB) }, (_, index) =>
        together.slice(index * OBSERVATIONS_A_JOB, (index + 1) * OBSERVATIONS_A_JOB),
      ),
      ...open.filter(({ alone }) => alone).map((run) => [run]),
    ];
    const complaints = await runPromtool(batches.map(jobOf), options);
    for (const [at, batch] of batches.entries()) {
      const said = complaints[at];
      if (said === undefined) continue;
      // promtool does not tell which file it could not load.
      const unclear = said.others.length > 0 && batch.length > 1;
      for (const [index, run] of batch.entries()) {
        if (unclear) run.alone = true;
        else take(run, readObservation(run.observation, { complaints: said, prefix: prefixOf(index) }));
      }
    }
  }
  return runs.map(({ seen }) => seen);
}

interface Run {
  /** Still to be made, without the mutants that stop it. */
  observation: Observation;
  seen: ObservedRule;
  alone: boolean;
  open: boolean;
}

function take(run: Run, { original, differs, faulty, invalid, again }: ReturnType<typeof readObservation>): void {
  const { seen, observation } = run;
  const { trial, timesMs, mutants } = observation;
  if (original !== null) seen.original.set(trial, original);
  for (const [mutant, moments] of differs) seen.differs.set(mutant, [...moments]);
  for (const mutant of faulty) seen.differs.set(mutant, [{ trial, timeMs: timesMs.at(-1) ?? 0 }]);
  for (const [mutant, reason] of invalid) seen.invalid.set(mutant, reason);
  run.observation = {
    ...observation,
    mutants: mutants.filter((mutant) => !faulty.includes(mutant) && !invalid.has(mutant)),
  };
  run.open = again;
}

function jobOf(batch: readonly Run[]): PromtoolJob {
  const rules: Record<string, unknown> = {};
  const tests: Record<string, unknown> = {};
  batch.forEach((run, index) => {
    const rulesName = `rules-${index}.yml`;
    const files = observationFiles(run.observation, { rulesName, prefix: prefixOf(index) });
    rules[rulesName] = files.rules;
    tests[`tests-${index}.yml`] = files.test;
  });
  return { rules, tests };
}

function prefixOf(index: number): string {
  return `o${index}`;
}
