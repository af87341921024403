import { type Matcher, type VectorSelector, walk } from '../../../promql/ast.ts';
import type { WitnessSeries } from '../../witness/types.ts';
import { lets, relabelled, union } from '../series-edit.ts';
import type { Trial, TrialFamily } from '../trial.ts';
import { timesAround } from './limits.ts';

/** Series of another job, path or status beside the right ones: a matcher that is lost lets them in. */
export const others: TrialFamily = {
  operators: ['matcher'],
  trials({ rule, witness }, mutants) {
    const places = new Set(mutants.map(({ at }) => at?.from));
    const { series, near, healthy, endMs, fireAtMs, evaluationMs } = witness;
    const quiet = near?.series ?? healthy?.series ?? [];
    const rest = { endMs, timesMs: timesAround(fireAtMs, evaluationMs, endMs) };
    const trials: Trial[] = [];
    for (const selector of walk(rule.ast)) {
      if (selector.kind !== 'selector') continue;
      for (const matcher of selector.matchers) {
        if (!places.has(matcher.from)) continue;
        for (const value of foreignValues(matcher)) {
          const shown = value === '' ? `without ${matcher.label}` : `with ${matcher.label}="${value}"`;
          const foreign = (set: readonly WitnessSeries[]) =>
            set.filter((each) => selects(selector, each)).map((each) => relabelled(each, { [matcher.label]: value }));
          const alike = (set: readonly WitnessSeries[]) =>
            set
              .filter(({ labels }) => lets(matcher, labels[matcher.label] ?? '') && labels[matcher.label] !== undefined)
              .map((each) => relabelled(each, { [matcher.label]: value }));
          trials.push(
            { title: `the fault in series ${shown} only`, series: union(quiet, foreign(series)), ...rest },
            { title: `the fault, all of it in series ${shown}`, series: union(quiet, alike(series)), ...rest },
            {
              title: `the fault only in series ${shown}, nothing else there`,
              series: replaceAll(series, foreign(series), selector),
              ...rest,
            },
            {
              title: `the fault, and quiet series ${shown} beside it`,
              series: union(series, foreign(quiet), foreign(series)),
              ...rest,
            },
          );
        }
      }
    }
    return trials;
  },
};

/** Values that a matcher keeps out: at most two, the likeliest mistakes first. */
function foreignValues(matcher: Matcher): string[] {
  const plain = matcher.value.replaceAll(/[\\^$()?*+]/g, '');
  const candidates = [
    ...(matcher.op === '!=' ? [matcher.value] : []),
    ...(matcher.op === '!~'
      ? [...plain.split('|'), plain.replaceAll('.', 'x'), plain.replaceAll('.', ''), '1', 'a']
      : []),
    ...(matcher.op === '=' || matcher.op === '=~' ? ['other', '0', 'x1', ''] : []),
  ];
  return [...new Set(candidates)].filter((value) => !lets(matcher, value)).slice(0, 2);
}

function selects({ name, matchers }: VectorSelector, { labels }: WitnessSeries): boolean {
  if (name !== null && labels.__name__ !== name) return false;
  return matchers.every((matcher) => lets(matcher, labels[matcher.label] ?? ''));
}

function replaceAll(
  set: readonly WitnessSeries[],
  foreign: readonly WitnessSeries[],
  selector: VectorSelector,
): WitnessSeries[] {
  return union(
    set.filter((each) => !selects(selector, each)),
    foreign,
  );
}
