import type { FunctionModel } from '../functions.ts';
import { type Element, keyOf, unnamed, without } from '../vector.ts';

interface Bucket {
  readonly bound: number;
  readonly count: number;
}

/** Prometheus's quantile of classic buckets. */
export function bucketQuantile(share: number, unsorted: readonly Bucket[]): number {
  const buckets = unsorted.toSorted((a, b) => a.bound - b.bound);
  const last = buckets.at(-1);
  if (last === undefined || last.bound !== Infinity || buckets.length < 2) return Number.NaN;
  if (last.count === 0 || Number.isNaN(share)) return Number.NaN;
  if (share < 0) return -Infinity;
  if (share > 1) return Infinity;
  let highest = 0;
  const rising = buckets.map(({ bound, count }) => {
    highest = Math.max(highest, count);
    return { bound, count: highest };
  });
  const rank = share * (rising.at(-1)?.count ?? 0);
  const index = rising.slice(0, -1).findIndex(({ count }) => count >= rank);
  if (index < 0) return rising.at(-2)?.bound ?? Number.NaN;
  const { bound, count } = rising[index] ?? last;
  if (index === 0 && bound <= 0) return bound;
  const start = rising[index - 1]?.bound ?? 0;
  const before = rising[index - 1]?.count ?? 0;
  return start + (bound - start) * ((rank - before) / (count - before));
}

const BOUND = ['le'];

/** The elements of a vector of buckets, gathered by the labels other than `le`. */
function histograms(elements: readonly Element[]): Map<string, { labels: Element['labels']; buckets: Bucket[] }> {
  const found = new Map<string, { labels: Element['labels']; buckets: Bucket[] }>();
  for (const { labels, value } of elements) {
    const bound = labels.le === undefined ? Number.NaN : labels.le === '+Inf' ? Infinity : Number(labels.le);
    if (Number.isNaN(bound)) continue;
    const rest = without(unnamed(labels), BOUND);
    const key = keyOf(rest);
    const entry = found.get(key) ?? { labels: rest, buckets: [] };
    entry.buckets.push({ bound, count: value });
    found.set(key, entry);
  }
  return found;
}

const histogramQuantile: FunctionModel = (call, tMs, evaluator) => {
  const share = evaluator.scalar(call.args[0], tMs);
  return [...histograms(evaluator.vector(call.args[1], tMs)).values()].map(({ labels, buckets }) => ({
    labels,
    value: bucketQuantile(share, buckets),
  }));
};

export const HISTOGRAMS: Readonly<Record<string, FunctionModel>> = { histogram_quantile: histogramQuantile };
