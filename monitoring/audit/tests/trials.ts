import type { Mutant } from '../mutants/mutant.ts';
import type { Trial, TrialFamily, TrialSource } from './trial.ts';
import { crowds } from './trials/crowds.ts';
import { fanOut } from './trials/fan-out.ts';
import { limits } from './trials/limits.ts';
import { onset } from './trials/onset.ts';
import { others } from './trials/others.ts';
import { countedShares, shares } from './trials/shares.ts';
import { sides } from './trials/sides.ts';
import { smallNumbers } from './trials/small-numbers.ts';

/** Families of trials beyond the core, one file each, in waves: what one wave told apart, the next need not look at. */
export const WAVES: readonly (readonly TrialFamily[])[] = [
  [limits, others],
  [fanOut, smallNumbers, crowds],
  [shares],
  [countedShares],
  [onset, sides],
];

/** Trials with the mutants that they may tell from the original. */
export interface TrialGroup {
  mutants: readonly Mutant[];
  trials: readonly Trial[];
}

/** A wave's trials for the mutants that nothing told from their original so far. */
export function trialsFor(wave: readonly TrialFamily[], source: TrialSource, open: readonly Mutant[]): TrialGroup[] {
  const seen = new Set<string>();
  return wave.flatMap(({ operators, trials }) => {
    const mutants = open.filter(({ operator }) => operators.includes(operator));
    const fresh = (mutants.length === 0 ? [] : trials(source, mutants)).filter((trial) => {
      const key = JSON.stringify(trial.series);
      return !seen.has(key) && seen.add(key);
    });
    return fresh.length === 0 ? [] : [{ mutants, trials: fresh }];
  });
}
