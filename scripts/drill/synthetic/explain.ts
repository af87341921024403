import type { SyntheticCase } from '../../../monitoring/drill/synthetic/case.ts';
import { otherTrials, watchesAlerts } from '../../../monitoring/drill/synthetic/consequences.ts';
import type { OtherAlert } from '../../../monitoring/drill/synthetic/result.ts';
import { firedBy } from '../../../monitoring/drill/synthetic/script.ts';
import type { Sources } from '../../../monitoring/drill/synthetic/selects.ts';
import { askOracle, type OracleOptions } from './oracle.ts';
import type { Played } from './wave.ts';

export interface ExplainOptions {
  readonly cases: readonly SyntheticCase[];
  readonly sources: Sources;
  readonly stepMs: number;
  readonly consequencesOf: (each: SyntheticCase) => readonly string[];
  readonly oracle: OracleOptions;
}

/**
 * Says of every other alert that a case's series fired whether it should have: it is named as a consequence, watches other alerts, or fires in
 * promtool on the same series. One that promtool cannot be asked about is not held against the case.
 */
export async function explainOthers(played: readonly Played[], options: ExplainOptions): Promise<Played[]> {
  const { cases, sources, stepMs, consequencesOf, oracle } = options;
  const watchers = new Set(cases.filter(({ rule }) => watchesAlerts(rule)).map(({ rule }) => rule.name));
  const expected = new Set<OtherAlert>();
  const open = played.flatMap((each) => {
    const named = new Set(consequencesOf(each.case));
    for (const other of each.observed.others) {
      if (named.has(other.alert) || watchers.has(other.alert)) expected.add(other);
    }
    const left = each.observed.others.filter((other) => !expected.has(other));
    return otherTrials(each.case, left, cases, sources, stepMs);
  });
  const answers = await askOracle(
    open.map(({ trial }) => trial),
    oracle,
  );
  for (const { other, rule, trial } of open) {
    const answer = answers.get(trial.id);
    const fires = answer?.some(({ labels, state }) => state === 'firing' && firedBy(rule, labels));
    if (fires !== false) expected.add(other);
  }
  return played.map((each) => ({
    ...each,
    observed: {
      ...each.observed,
      others: each.observed.others.map((other) => ({ ...other, expected: expected.has(other) })),
    },
  }));
}
