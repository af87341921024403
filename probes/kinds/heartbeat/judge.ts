import type { HeartbeatProbeSpec } from '../../../thresholds/model.ts';
import { formatDuration } from '../../../thresholds/units.ts';
import { ProbeFailure } from '../../failure.ts';
import type { HeartbeatRecord } from '../../heartbeat/board.ts';

/**
 * Judges what was heard. Silence counts only while somebody listened: an outage of the prober is no failure of the sender.
 * @throws ProbeFailure `reported`, `silent`, or `not-heard` (unknown) where it cannot be told yet.
 */
export function judgeHeartbeat(
  { withinMs, graceMs, finishWithinMs }: Pick<HeartbeatProbeSpec, 'withinMs' | 'graceMs' | 'finishWithinMs'>,
  record: HeartbeatRecord,
  nowMs: number,
): void {
  const { lastMs, lastState, startedMs, waitingSinceMs, deafMs } = record;
  const limitMs = withinMs + graceMs;
  const silentMs = nowMs - (lastMs ?? waitingSinceMs);
  const heard = lastMs === null ? 'never heard' : `last beat ${formatDuration(silentMs)} ago`;
  if (silentMs - deafMs > limitMs) {
    throw new ProbeFailure('silent', `${heard}, expected within ${formatDuration(limitMs)}`);
  }
  if (lastState === 'fail') throw new ProbeFailure('reported', `the sender reported a failure, ${heard}`);
  if (startedMs !== null && finishWithinMs !== null && nowMs - startedMs - deafMs > finishWithinMs) {
    const started = `started ${formatDuration(nowMs - startedMs)} ago and not finished`;
    throw new ProbeFailure('silent', `${started}, expected within ${formatDuration(finishWithinMs)}`);
  }
  if (lastMs === null) {
    const leftMs = limitMs - (silentMs - deafMs);
    throw new ProbeFailure('not-heard', `not heard yet, another ${formatDuration(leftMs)} to go`);
  }
  if (silentMs > limitMs) {
    throw new ProbeFailure('not-heard', `${heard}, but for ${formatDuration(deafMs)} no prober was there to hear one`);
  }
}
