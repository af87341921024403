import type { Outcome } from '../outcome.ts';
import { formatCount, formatShare } from '../units.ts';
import { binomialUpperTail } from './binomial.ts';
import { holmRejections } from './holm.ts';

/** Level of the one-sided test for a breach, over all rows of a run together. */
export const SIGNIFICANCE = 0.05;

/** A promise that at least `targetShare` of the samples are good, and what was seen. */
export interface ShareEvidence {
  kind: 'latency' | 'success';
  /** Promised share of good samples, 0 to 1: 0.95 for a p95. */
  targetShare: number;
  samples: number;
  /** Samples over the limit, or answers that were not as expected. */
  bad: number;
}

/** What an evidence amounts to. `reason` is empty for a pass. */
export interface Judgement {
  outcome: Outcome;
  reason: string;
}

/**
 * Samples needed before a promise may be called kept: 5/(1-p) for latency (100 for a p95), 3/(1-p) for success (300 for 99 %;
 * the rule of three at 95 % confidence). A promise of 100 % needs as many as one of 99 %, since no number would do.
 */
export function samplesNeeded(kind: ShareEvidence['kind'], targetShare: number): number {
  const factor = kind === 'latency' ? 5 : 3;
  const allowed = Math.max(1 - targetShare, targetShare === 1 ? 0.01 : 1e-6);
  // 5/(1-0.95) is 99.99999999999991 in binary.
  return Math.ceil(Number((factor / allowed).toPrecision(12)));
}

/**
 * Judges all share promises of a run together: `fail` when the breach is significant (exact binomial, one-sided 95 %, Holm over
 * the rows), `pass` when the estimate holds on enough samples, else `inconclusive`.
 * @returns one judgement for each evidence, in the given order.
 */
export function judgeShares(evidence: readonly ShareEvidence[]): Judgement[] {
  const pValues = evidence.map(({ samples, bad, targetShare }) =>
    samples === 0 ? 1 : binomialUpperTail(bad, samples, 1 - targetShare),
  );
  const breached = holmRejections(pValues, SIGNIFICANCE);
  return evidence.map((row, index) => judgeOne(row, breached[index] === true));
}

function judgeOne({ kind, targetShare, samples, bad }: ShareEvidence, breached: boolean): Judgement {
  if (samples === 0) return { outcome: 'inconclusive', reason: 'no sample at all: it was never measured' };
  const allowed = formatShare(1 - targetShare);
  const seen = `${formatCount(bad)} of ${formatCount(samples)} (${formatShare(bad / samples)}) ${kind === 'latency' ? 'over the limit' : 'not as expected'}, at most ${allowed} allowed`;
  if (breached) return { outcome: 'fail', reason: seen };
  const holds = bad / samples <= 1 - targetShare + 1e-12;
  if (!holds) return { outcome: 'inconclusive', reason: `${seen}: over it, but within chance for so few` };
  const needed = samplesNeeded(kind, targetShare);
  if (samples < needed) {
    return {
      outcome: 'inconclusive',
      reason: `${formatCount(samples)} samples, ${formatCount(needed)} needed to tell`,
    };
  }
  return { outcome: 'pass', reason: '' };
}
