import type { Secret } from '../catalogue.ts';
import type { ProbeBase } from './base.ts';

export interface HeartbeatProbeSpec extends ProbeBase {
  kind: 'heartbeat';
  /** Longest expected time between two beats, and what they may be late. */
  withinMs: number;
  graceMs: number;
  /** Longest time from a start to its finish; null where no start is expected, or it may take any time. */
  finishWithinMs: number | null;
  /** What a sender shows as bearer. */
  token: Secret;
}
