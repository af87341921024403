import { LAG_BOUNDS } from '../../probes/schedule/lag-histogram.ts';

/**
 * A quantile (0 to 1) of start lags in seconds, from their counts by bucket: straight between the bounds of the bucket it falls into, as
 * Prometheus's `histogram_quantile` has it. Infinity beyond the last bound; NaN without any count.
 */
export function lagQuantile(counts: readonly number[], quantile: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return Number.NaN;
  const rank = total * quantile;
  let below = 0;
  for (const [index, bound] of LAG_BOUNDS.entries()) {
    const inside = counts[index] ?? 0;
    if (below + inside >= rank) {
      const lower = LAG_BOUNDS[index - 1] ?? 0;
      return lower + (bound - lower) * ((rank - below) / inside);
    }
    below += inside;
  }
  return Number.POSITIVE_INFINITY;
}
