import type { MutableRule, Mutant } from '../../mutants/mutant.ts';
import type { WitnessSeries } from '../../witness/types.ts';
import { between, differing, mapped, relabelled, union, withReplaced } from '../series-edit.ts';
import type { Trial, TrialFamily } from '../trial.ts';
import { timesAround } from './limits.ts';

/** A label that no expression names: series that differ in nothing else are told apart by it. */
const SPARE = 'replica';

/** Labels that are looked at; an alert with more joins by the same ones again and again. */
const MOST_LABELS = 10;

/** More series than one: two that each keep within the limit, one over and one under it; in one group and in two. */
export const fanOut: TrialFamily = {
  operators: ['aggregation', 'grouping', 'matching', 'set', 'rate'],
  trials({ rule, witness, edges }, mutants) {
    const { series, near, healthy, endMs, fireAtMs, evaluationMs } = witness;
    const rest = { endMs, timesMs: timesAround(fireAtMs, evaluationMs, endMs) };
    const quiet = near?.series ?? edges[0] ?? null;
    const justOver =
      quiet === null ? [] : differing(quiet, series).flatMap(({ from, to }) => between(from, to, 0.1) ?? []);
    const barely = justOver.length === 0 ? series : withReplaced(series, justOver);
    const trials: Trial[] = [];
    for (const label of [SPARE, ...labelsOf(rule, mutants)]) {
      const twin = (set: readonly WitnessSeries[]) => copies(set, label, '2');
      const crowd = (set: readonly WitnessSeries[]) => ['3', '4', '5'].flatMap((value) => copies(set, label, value));
      const by = label === SPARE ? 'in one group' : `that differ in ${label}`;
      for (const within of [...(quiet === null ? [] : [quiet]), ...edges]) {
        trials.push({
          title: `two series ${by}, each just within the limit`,
          series: union(within, twin(within)),
          ...rest,
        });
      }
      for (const within of edges) {
        trials.push({
          title: `two series ${by}, one with the fault and one just within the limit`,
          series: union(series, twin(within)),
          ...rest,
        });
      }
      if (quiet !== null) {
        trials.push({
          title: `two series ${by}, one just over the limit and one within`,
          series: union(barely, twin(quiet)),
          ...rest,
        });
      }
      if (healthy !== null) {
        trials.push({
          title: `two series ${by}, one just over the limit and one healthy`,
          series: union(barely, twin(healthy.series)),
          ...rest,
        });
        trials.push({
          title: `five series ${by}, one with the fault`,
          series: union(series, twin(healthy.series), crowd(healthy.series)),
          ...rest,
        });
      }
      if (label === SPARE) {
        const below = twin(series).map((each) => mapped(each, (value) => -2 * value));
        trials.push({
          title: 'two series in one group, one of them below zero',
          series: union(series, below),
          ...rest,
        });
      }
      trials.push({ title: `two series ${by}, both with the fault`, series: union(series, twin(series)), ...rest });
      trials.push(...oneSided(series, label, by, rest));
    }
    return trials;
  },
};

/** One metric has a second series, the others have not: a join by too few labels no longer finds one partner. */
function oneSided(
  series: readonly WitnessSeries[],
  label: string,
  by: string,
  rest: Pick<Trial, 'endMs' | 'timesMs'>,
): Trial[] {
  const names = [...new Set(series.map(({ labels }) => labels.__name__ ?? ''))];
  if (names.length < 2) return [];
  return names.slice(0, 3).map((name) => {
    const own = series.filter(({ labels }) => labels.__name__ === name);
    return { title: `two series of ${name} ${by}`, series: union(series, copies(own, label, '2')), ...rest };
  });
}

function copies(set: readonly WitnessSeries[], label: string, value: string): WitnessSeries[] {
  return set
    .filter(({ labels }) => label === SPARE || labels[label] !== undefined)
    .map((each) => relabelled(each, { [label]: label === SPARE ? value : `${each.labels[label]}-${value}` }));
}

/** The labels that the mutants take out of groupings and joins. */
function labelsOf({ expr }: Pick<MutableRule, 'expr'>, mutants: readonly Mutant[]): string[] {
  const names = mutants.flatMap(({ operator, at }) => {
    if (at === null || (operator !== 'grouping' && operator !== 'matching')) return [];
    const text = expr.slice(at.from, at.to);
    return /^\w+$/.test(text) ? [text] : [];
  });
  return [...new Set(names)].slice(0, MOST_LABELS);
}
