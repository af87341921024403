import { equivalence } from '../audit/mutants/equivalent.ts';
import type { MutableRule, Mutant } from '../audit/mutants/mutant.ts';
import type { MutantFate } from '../audit/mutants/suite.ts';
import type { Moment } from '../audit/tests/observation.ts';
import { createPredictor } from '../audit/tests/predict.ts';
import { type View, viewsOf } from '../audit/tests/views.ts';
import type { FindOptions } from '../audit/witness/find.ts';
import { birthsInTurn, countedShares, oneMissing, smallTotals } from './edges/counts.ts';
import { gaugeTrials } from './edges/gauges.ts';

const OPERATORS: ReadonlySet<Mutant['operator']> = new Set(['threshold', 'comparison', 'for']);

const FAMILIES = [oneMissing, countedShares, smallTotals, birthsInTurn, gaugeTrials] as const;

/** Changed limits, comparisons and waits that no test of an alert tells from the rule, and for which nothing shows that none could. */
export function openMutants(rule: MutableRule, fates: ReadonlyMap<Mutant, MutantFate>): Mutant[] {
  return [...fates]
    .filter(([{ operator }, { outcome }]) => OPERATORS.has(operator) && outcome === 'survived')
    .flatMap(([mutant]) => (equivalence(rule, mutant) === null ? [mutant] : []));
}

/** Looks in the model for inputs that tell those mutants: what the audit, which judges any rule, has no time for. */
export function edgesFor(view: View, mutants: readonly Mutant[], clock: FindOptions): Map<Mutant, readonly Moment[]> {
  const predict = createPredictor(view.rule, view.witness);
  const found = new Map<Mutant, readonly Moment[]>();
  const open = () => mutants.filter((mutant) => !found.has(mutant));
  for (const each of mutants.length === 0 ? [] : viewsOf(view, clock)) {
    for (const family of FAMILIES) {
      for (const trial of open().length === 0 ? [] : family(each)) {
        for (const [mutant, moments] of predict.differs(open(), [trial])) found.set(mutant, moments);
        if (open().length === 0) break;
      }
    }
  }
  return found;
}
