/**
 * Splits a whole number of requests by weight: the parts add up to `total` exactly, and with at least as many requests as
 * parts none is left without (largest remainder after one for each).
 */
export function allotByWeight(weights: readonly number[], total: number): number[] {
  const whole = Math.max(0, Math.floor(total));
  const first = weights.map((_, index) => (index < whole ? 1 : 0));
  const rest = whole - first.length;
  if (rest <= 0) return first;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const exact = weights.map((weight) => (sum === 0 ? rest / weights.length : (rest * weight) / sum));
  const parts = exact.map((share, index) => (first[index] ?? 0) + Math.floor(share));
  let left = whole - parts.reduce((total, part) => total + part, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { index } of byRemainder) {
    if (left === 0) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left -= 1;
  }
  return parts;
}

/** Lowers `wanted` so that the parts add up to at most `cap`, in proportion to them. No part is raised. */
export function capTotal(wanted: readonly number[], cap: number | null): number[] {
  const total = wanted.reduce((sum, part) => sum + part, 0);
  if (cap === null || total <= cap) return [...wanted];
  return allotByWeight(wanted, cap);
}
