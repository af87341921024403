import type { ProbeResult } from './result.ts';

/**
 * A result taken while the process stalled for more than this share of the timeout says more of the prober than of the target. A
 * tenth: far more than a busy but healthy loop (under 50 ms of 5 s), far less than would turn a success into a timeout.
 */
export const MAX_LAG_SHARE = 0.1;

/** The result as it may be believed: `unknown` when the event loop lagged too much during the run. */
export function distrustLagging(result: ProbeResult, lagMs: number, timeoutMs: number): ProbeResult {
  if (lagMs <= timeoutMs * MAX_LAG_SHARE) return result;
  const seen = result.outcome === 'success' ? 'a success' : `${result.reason}: ${result.detail}`;
  return {
    ...result,
    outcome: 'unknown',
    reason: 'lagging',
    degraded: false,
    detail: `the prober stalled for ${Math.round(lagMs)} ms of a timeout of ${timeoutMs} ms; it saw ${seen}`,
  };
}
