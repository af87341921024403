import type { Mutant } from '../mutants/mutant.ts';
import type { Observation } from './observation.ts';
import type { Choice, Evidence } from './select.ts';
import type { Trial } from './trial.ts';

export interface AssignOptions {
  /** Trials that are run whether they tell a mutant or not, and to their end. */
  always: readonly Trial[];
  /** Every trial is run to its end: the model was wrong about where mutants are told. */
  unabridged: boolean;
  /** People read the tests: every trial is run to its end, and all that fires is wanted. */
  readable: boolean;
}

/**
 * Each chosen trial with the mutants that it alone is to tell, the shortest trial that can: a mutant that is told once need not be run again. Such a
 * trial ends where the model has told all of them.
 */
export function observationsOf(
  source: Pick<Observation, 'rule' | 'plain' | 'witness'>,
  hopes: Evidence,
  choice: Choice,
  { always, unabridged, readable }: AssignOptions,
): Observation[] {
  const open = new Map(hopes);
  const byLength = [...choice].sort(([, a], [, b]) => (a.at(-1) ?? 0) - (b.at(-1) ?? 0));
  return byLength.flatMap(([trial, chosen]) => {
    const told = new Map<Mutant, number>();
    for (const [mutant, moments] of open) {
      const at = chosen.find((timeMs) => moments.some((moment) => moment.trial === trial && moment.timeMs === timeMs));
      if (at === undefined) continue;
      told.set(mutant, at);
      open.delete(mutant);
    }
    if (told.size === 0 && !always.includes(trial)) return [];
    const whole = unabridged || readable || always.includes(trial);
    const lastMs = whole ? Infinity : Math.max(...told.values());
    const timesMs = trial.timesMs.filter((timeMs) => timeMs <= lastMs);
    return [{ ...source, mutants: [...told.keys()], trial, timesMs, whole: readable }];
  });
}
