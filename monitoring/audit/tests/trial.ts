import type { MutableRule, Mutant } from '../mutants/mutant.ts';
import type { Witness, WitnessSeries } from '../witness/types.ts';

/** Input series and the moments at which one looks at what fires. What should fire is what the rule itself does with them. */
export interface Trial {
  /** Name of the test, for people: "just under the limit". */
  title: string;
  series: readonly WitnessSeries[];
  endMs: number;
  timesMs: readonly number[];
}

/** What trials are made from. */
export interface TrialSource {
  rule: MutableRule;
  witness: Witness;
  /** Inputs just within one of the limits, one for each series that has one. */
  edges: readonly (readonly WitnessSeries[])[];
}

/** Trials that may tell a mutant from its original; asked for mutants of the given operators only. */
export interface TrialFamily {
  operators: readonly Mutant['operator'][];
  trials: (source: TrialSource, mutants: readonly Mutant[]) => Trial[];
}
