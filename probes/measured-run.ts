import { formatDuration } from '../thresholds/units.ts';
import type { ProbeContext, ProbeOptions } from './context.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { toProbeFailure } from './failure.ts';
import { OWN_REASONS, type ProbeFacts, type ProbeReason, type ProbeResult } from './result.ts';
import type { ProbeTarget } from './target.ts';

/** What a kind fills in while it runs; true up to the point of a failure. */
export interface Run<Phase extends string> {
  deadline: Deadline;
  /** Seconds; all phases of the kind, from 0. */
  phases: Record<Phase, number>;
  facts: ProbeFacts;
}

/**
 * The frame that all kinds share: deadline, total time, the rest that no phase explains (`other`), degraded, and an error sorted into
 * failure or unknown.
 * @param work throws ProbeFailure when the answer is not as expected.
 */
export async function measureRun<Phase extends string>(
  { clock, redact = (text) => text }: Pick<ProbeContext, 'clock' | 'redact'>,
  { spec }: Pick<ProbeTarget, 'spec'>,
  { signal }: Pick<ProbeOptions, 'signal'>,
  phases: Record<Phase, number>,
  work: (run: Run<Phase>) => Promise<void>,
): Promise<ProbeResult> {
  const startMs = clock.monotonicMs();
  const deadline = startDeadline(clock, spec.timeoutMs, signal);
  const facts: ProbeFacts = {};
  let reason: ProbeReason = 'none';
  let detail = '';
  try {
    await work({ deadline, phases, facts });
  } catch (error) {
    signal.throwIfAborted();
    const failure = toProbeFailure(error);
    reason = failure.reason;
    // A peer may send back what it was sent.
    detail = redact(failure.message);
  } finally {
    deadline.close();
  }
  const durationSeconds = (clock.monotonicMs() - startMs) / 1_000;
  if (reason === 'none' && spec.failAboveMs !== null && durationSeconds * 1_000 > spec.failAboveMs) {
    reason = 'slow';
    detail = `took ${formatDuration(durationSeconds * 1_000)}, at most ${formatDuration(spec.failAboveMs)} allowed`;
  }
  const attributed = Object.values<number>(phases).reduce((sum, seconds) => sum + seconds, 0);
  const outcome = reason === 'none' ? 'success' : OWN_REASONS.has(reason) ? 'unknown' : 'failure';
  const limitMs = spec.degradedAboveMs;
  return {
    outcome,
    reason,
    detail,
    durationSeconds,
    degraded: outcome === 'success' && limitMs !== null && durationSeconds * 1_000 > limitMs,
    phases: { ...phases, other: Math.max(0, durationSeconds - attributed) },
    facts,
  };
}
