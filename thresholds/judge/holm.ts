/**
 * Holm's step-down procedure: which of m one-sided tests are significant when all are judged together at level alpha, so that
 * a run of a hundred healthy rows does not fail by chance. Source: S. Holm, "A simple sequentially rejective multiple test
 * procedure", Scandinavian Journal of Statistics 6 (1979).
 * @returns one flag for each p-value, in the given order.
 */
export function holmRejections(pValues: readonly number[], alpha: number): boolean[] {
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const rejected = pValues.map(() => false);
  for (const [rank, index] of order.entries()) {
    if ((pValues[index] ?? 1) > alpha / (pValues.length - rank)) break;
    rejected[index] = true;
  }
  return rejected;
}
