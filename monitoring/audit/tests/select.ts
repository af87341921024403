import type { Mutant } from '../mutants/mutant.ts';
import type { FiringAlert } from '../promtool-output.ts';
import type { Moment } from './observation.ts';
import type { Trial } from './trial.ts';

/** A trial as a test: at each moment, what must fire. */
export interface ChosenTest {
  trial: Trial;
  expected: readonly { timeMs: number; firing: readonly FiringAlert[] }[];
}

/** Which mutant is told from the original where. */
export type Evidence = ReadonlyMap<Mutant, readonly Moment[]>;

/** Trials to keep, with the moments to look at. */
export type Choice = ReadonlyMap<Trial, readonly number[]>;

/**
 * All of `always`, then as few others as tell every mutant that can be told, the one that tells most first; of those only the moments that
 * tell something.
 */
export function chooseTrials(always: readonly Trial[], evidence: Evidence): Choice {
  const chosen = new Map<Trial, Set<number>>(always.map((trial) => [trial, new Set(trial.timesMs)]));
  let open = [...evidence].filter(
    ([, moments]) => moments.length > 0 && !moments.some((moment) => has(chosen, moment)),
  );
  while (open.length > 0) {
    const best = mostTelling(open.flatMap(([, moments]) => [...moments]));
    if (best === undefined) break;
    chosen.set(best.trial, (chosen.get(best.trial) ?? new Set()).add(best.timeMs));
    open = open.filter(([, moments]) => !moments.some((moment) => has(chosen, moment)));
  }
  return new Map([...chosen].map(([trial, times]) => [trial, [...times].sort((a, b) => a - b)]));
}

function has(chosen: ReadonlyMap<Trial, ReadonlySet<number>>, { trial, timeMs }: Moment): boolean {
  return chosen.get(trial)?.has(timeMs) === true;
}

/** The moment that tells most mutants; of equals, one of the trial that tells most, then the first. */
function mostTelling(moments: readonly Moment[]): Moment | undefined {
  const byTrial = new Map<Trial, Map<number, number>>();
  for (const { trial, timeMs } of moments) {
    const times = byTrial.get(trial) ?? new Map<number, number>();
    byTrial.set(trial, times.set(timeMs, (times.get(timeMs) ?? 0) + 1));
  }
  let best: (Moment & { rank: number }) | undefined;
  for (const [trial, times] of byTrial) {
    const total = [...times.values()].reduce((sum, count) => sum + count, 0);
    for (const [timeMs, count] of times) {
      const rank = count * 1_000 + Math.min(999, total);
      if (best === undefined || rank > best.rank) best = { trial, timeMs, rank };
    }
  }
  return best;
}
