import { parsePromql } from '../../promql/parse.ts';
import type { Mutant } from '../mutants/mutant.ts';
import { candidatesFor, type FindOptions } from '../witness/find.ts';
import type { Moment } from './observation.ts';
import type { Predictor } from './predict.ts';
import type { Trial, TrialSource } from './trial.ts';

/** Inputs that are looked at for each direction of each mutant. */
const CANDIDATES = 2;

/**
 * Solves for data in which a mutant fires and its original does not, or the other way round: a witness of `mutant unless original`. For the few
 * that no trial told apart; the solver is the one that finds witnesses.
 */
export function solveApart(
  { rule, witness }: Pick<TrialSource, 'rule' | 'witness'>,
  mutants: readonly Mutant[],
  predict: Predictor,
  options: FindOptions,
): Map<Mutant, readonly Moment[]> {
  const found = new Map<Mutant, readonly Moment[]>();
  for (const mutant of mutants) {
    if (found.has(mutant) || mutant.change.expr === undefined) continue;
    const [own, other] = [`(\n${rule.expr}\n)`, `(\n${mutant.change.expr}\n)`];
    for (const text of [`${other} unless ${own}`, `${own} unless ${other}`]) {
      const trial = found.has(mutant) ? undefined : apart(text);
      if (trial === undefined) continue;
      // What tells one mutant often tells its neighbours.
      const told = predict.differs(
        mutants.filter((each) => !found.has(each)),
        [trial],
      );
      for (const [each, moments] of told) found.set(each, moments);
    }
  }
  return found;

  function apart(text: string): Trial | undefined {
    const parsed = parsePromql(text);
    if (!parsed.ok) return undefined;
    const { forMs, keepFiringForMs } = rule;
    const sought = { expr: parsed.expr, forMs, keepFiringForMs, groupIntervalMs: null, mentioned: [] };
    let tried = 0;
    for (const { series, fireAtMs } of candidatesFor(sought, options)) {
      const timeMs = Math.ceil(fireAtMs / witness.evaluationMs) * witness.evaluationMs;
      const trial = { title: 'data made to tell a mistake', series, endMs: timeMs, timesMs: [timeMs] };
      const told = predict.differs(mutants, [trial]);
      if (told.size > 0) return trial;
      tried += 1;
      if (tried === CANDIDATES) return undefined;
    }
    return undefined;
  }
}
