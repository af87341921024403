import { formatCount } from '../units.ts';
import type { Judgement } from './share.ts';

/** A promise on one number (mean, maximum, PromQL value), judged as measured. */
export interface MeasuredEvidence {
  /** `below`: the value must stay under or at the limit; `above`: over or at it. */
  direction: 'below' | 'above';
  limit: number;
  /** Null when nothing was measured. */
  measured: number | null;
  samples: number;
  /** Fewer samples than this are no evidence. */
  minSamples: number;
  /** Prints a value with its unit. */
  format: (value: number) => string;
}

/** Judges one number against its limit; too few samples are `inconclusive` whatever the number says. */
export function judgeMeasured(evidence: MeasuredEvidence): Judgement {
  const { direction, limit, measured, samples, minSamples, format } = evidence;
  if (measured === null || Number.isNaN(measured) || samples === 0) {
    return { outcome: 'inconclusive', reason: 'no sample at all: it was never measured' };
  }
  if (samples < minSamples) {
    return {
      outcome: 'inconclusive',
      reason: `${formatCount(samples)} samples, ${formatCount(minSamples)} needed to tell`,
    };
  }
  const kept = direction === 'below' ? measured <= limit : measured >= limit;
  if (kept) return { outcome: 'pass', reason: '' };
  const bound = direction === 'below' ? 'at most' : 'at least';
  return { outcome: 'fail', reason: `${format(measured)}, ${bound} ${format(limit)} promised` };
}
