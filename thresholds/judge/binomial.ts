/**
 * Upper tail P(X >= k) of a binomial distribution with n trials and probability q, exact up to floating point: the sum of the
 * probability mass from k upwards by its recurrence, started in logarithms so that it neither underflows nor overflows.
 * Source: pmf(i+1) = pmf(i) * (n-i)/(i+1) * q/(1-q).
 */
export function binomialUpperTail(k: number, n: number, q: number): number {
  if (k <= 0) return 1;
  if (k > n || q <= 0) return 0;
  if (q >= 1) return 1;
  // Summing from below the mean would add up nearly everything: the complement is the shorter and the more exact sum.
  if (k < n * q) return Math.max(0, 1 - lowerTail(k - 1, n, q));
  let mass = Math.exp(logMass(k, n, q));
  let sum = 0;
  for (let i = k; i <= n && (mass > sum * Number.EPSILON || i === k); i += 1) {
    sum += mass;
    mass *= ((n - i) / (i + 1)) * (q / (1 - q));
  }
  return Math.min(1, sum);
}

function lowerTail(k: number, n: number, q: number): number {
  let mass = Math.exp(logMass(k, n, q));
  let sum = 0;
  for (let i = k; i >= 0 && (mass > sum * Number.EPSILON || i === k); i -= 1) {
    sum += mass;
    mass *= (i / (n - i + 1)) * ((1 - q) / q);
  }
  return Math.min(1, sum);
}

function logMass(k: number, n: number, q: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(q) + (n - k) * Math.log1p(-q);
}

/** ln(n!): summed below 64, Stirling's series to the n^-5 term above (error under 1e-14 there; Abramowitz and Stegun 6.1.41). */
function logFactorial(n: number): number {
  if (n < 64) {
    let sum = 0;
    for (let i = 2; i <= n; i += 1) sum += Math.log(i);
    return sum;
  }
  const series = 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5);
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
}
