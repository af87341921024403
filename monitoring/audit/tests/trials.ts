import type { Mutant } from '../mutants/mutant.ts';
import type { Trial, TrialFamily, TrialSource } from './trial.ts';
import { fanOut } from './trials/fan-out.ts';
import { limits } from './trials/limits.ts';
import { onset } from './trials/onset.ts';
import { others } from './trials/others.ts';
import { sides } from './trials/sides.ts';

/** Every family of trials beyond the core; one file each. */
const FAMILIES: readonly TrialFamily[] = [limits, onset, others, fanOut, sides];

/** A trial and the mutants that it may tell from the original. */
export interface TargetedTrial {
  trial: Trial;
  mutants: readonly Mutant[];
}

/** Trials for the mutants that the core trials did not tell from their original. */
export function trialsFor(source: TrialSource, mutants: readonly Mutant[]): TargetedTrial[] {
  const seen = new Set<string>();
  return FAMILIES.flatMap(({ operators, trials }) => {
    const concerned = mutants.filter(({ operator }) => operators.includes(operator));
    if (concerned.length === 0) return [];
    return trials(source, concerned).flatMap((trial) => {
      const key = JSON.stringify(trial.series);
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ trial, mutants: concerned }];
    });
  });
}
