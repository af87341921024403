import { equivalence } from '../mutants/equivalent.ts';
import type { Mutant } from '../mutants/mutant.ts';
import type { FindOptions } from '../witness/find.ts';
import type { Moment } from './observation.ts';
import { createPredictor } from './predict.ts';
import { searchTrials } from './search.ts';
import { solveApart } from './solve-apart.ts';
import type { Trial } from './trial.ts';
import { boundaryTrials } from './trials/boundary.ts';
import { bucketTrials } from './trials/buckets.ts';
import { trialsFor, WAVES } from './trials.ts';
import { type View, viewsOf } from './views.ts';

/** Finds trials that tell mutants from their original in the model, other than those used before; by mutant, where it is told. */
export type Seek = (mutants: readonly Mutant[], used: ReadonlySet<string>) => Map<Mutant, readonly Moment[]>;

/** Mutants of one alert for which data is solved for. */
const MOST_SOLVED = 12;

/** Looks for trials that tell mutants from their original in the model, the cheap ones first. */
export function seeker(source: View, core: readonly Trial[], clock: FindOptions): Seek {
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
    for (const view of viewsOf(source, clock)) {
      if (open().length === 0) return hopes;
      const { trials: boundaries, edges } = boundaryTrials(view, predict);
      look(boundaries, open());
      look(bucketTrials(view, predict), open());
      const pieces = { ...view, edges };
      for (const wave of WAVES) for (const group of trialsFor(wave, pieces, open())) look(group.trials, group.mutants);
      for (const [mutant, moments] of searchTrials(pieces, open(), predict)) hopes.set(mutant, moments);
    }
    const worthwhile = open().slice(0, MOST_SOLVED);
    for (const [mutant, moments] of solveApart(source, worthwhile, predict, clock)) hopes.set(mutant, moments);
    return hopes;
  };
}

/** What tells trials apart. */
export function trialKey({ series }: Trial): string {
  return JSON.stringify(series);
}

function lastMoment(trial: Trial): Moment {
  return { trial, timeMs: trial.timesMs.at(-1) ?? 0 };
}
