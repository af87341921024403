import { walk } from '../../../promql/ast.ts';
import type { WitnessSeries } from '../../witness/types.ts';
import type { Predictor } from '../predict.ts';
import { relabelled, seriesKey } from '../series-edit.ts';
import type { Trial, TrialSource } from '../trial.ts';

const BISECTIONS = 24;

/** Widest quantiles that are looked for: a nanosecond and thirty years, both in seconds. */
const [SMALLEST, LARGEST] = [1e-9, 1e9];

/** Distance from the limit: less than the nudge of a mutant. */
const BESIDE = 0.004;

/**
 * For quantiles of histograms: all observations in one narrow bucket, first just below the limit and then just above it. Where that is, bisection
 * in the model finds out.
 */
export function bucketTrials({ rule, witness }: Pick<TrialSource, 'rule' | 'witness'>, predict: Predictor): Trial[] {
  const { series, endMs, fireAtMs } = witness;
  const asks = [...walk(rule.ast)].some(
    ({ kind, ...node }) => kind === 'call' && 'func' in node && node.func === 'histogram_quantile',
  );
  const full = series.find(({ labels }) => labels.le === '+Inf');
  if (!asks || full === undefined) return [];
  const others = series.filter(({ labels }) => labels.le === undefined);
  const trialAt = (value: number, title: string): Trial => ({
    title,
    series: [...others, ...narrow(series, value)],
    endMs,
    timesMs: [fireAtMs],
  });
  const fires = (value: number) => (predict.firing(trialAt(value, ''))?.[0] ?? '') !== '';
  let [low, high] = [SMALLEST, LARGEST];
  if (fires(low) === fires(high)) return [];
  const risesTo = fires(high);
  for (let step = 0; step < BISECTIONS * 2; step += 1) {
    const middle = Math.sqrt(low * high);
    if (fires(middle) === risesTo) high = middle;
    else low = middle;
  }
  return [1 - BESIDE, 1 + BESIDE, 0.4, 0.6, 1.6, 2.5].map((factor) =>
    trialAt(high * factor, factor < 1 ? 'all observations below the limit' : 'all observations above the limit'),
  );
}

/** For each set of buckets, three new ones: all observations lie in the second, which ends at `value`. */
function narrow(series: readonly WitnessSeries[], value: number): WitnessSeries[] {
  const [below, at] = [value * 0.9999, value].map((bound) => String(Number(bound.toPrecision(9)))) as [string, string];
  const seen = new Set<string>();
  return series.flatMap((each) => {
    if (each.labels.le !== '+Inf' || seen.has(seriesKey(each))) return [];
    seen.add(seriesKey(each));
    const none = { ...each, segments: [{ fromMs: 0, value: 0, slopePerSecond: 0 }] };
    return [relabelled(none, { le: below }), relabelled(each, { le: at }), each];
  });
}
