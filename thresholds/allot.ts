/**
 * Lowers wanted numbers of requests so that they add up to `cap`: at least one for each as far as it goes, the rest in
 * proportion. No part is raised, and with no cap, or a wide one, none is lowered.
 */
export function capTotal(wanted: readonly number[], cap: number | null): number[] {
  const total = wanted.reduce((sum, part) => sum + part, 0);
  if (cap === null || total <= cap) return [...wanted];
  let left = Math.max(0, Math.floor(cap));
  const first = wanted.map((part) => {
    const one = Math.min(1, part, left);
    left -= one;
    return one;
  });
  const rest = largestRemainder(
    wanted.map((part, index) => part - (first[index] ?? 0)),
    left,
  );
  return first.map((one, index) => one + (rest[index] ?? 0));
}

/** Splits a whole number in proportion; what rounding leaves over goes to the largest remainders (Hamilton's method). */
function largestRemainder(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) => (sum === 0 ? 0 : (total * weight) / sum));
  const parts = exact.map(Math.floor);
  const left = total - parts.reduce((all, part) => all + part, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { index } of byRemainder.slice(0, left)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
