import type { SeriesState } from '../metrics/registry.ts';

/** Where samples go. The runner tells it what happened; batching, sending and losing are the sink's own affair. */
export interface ProbeSink {
  /** The values of a target as they are now. Timestamps of one target rise. */
  observe(state: SeriesState, timestampMs: number): void;
  /** The target is gone: its series end now. */
  end(state: SeriesState, timestampMs: number): void;
  /** What became of the samples so far; left out where nothing is sent. */
  stats?(): DeliveryStats;
  /** Sends what is left, within a deadline, and frees everything. */
  stop(): Promise<void>;
}

/** Why a sample was lost. The last four are what the receiver said. */
export const DROP_REASONS = ['queue-full', 'stopped', 'out-of-order', 'duplicate', 'too-old', 'refused'] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** What became of the samples given to a sink. */
export interface DeliveryStats {
  samplesSent: number;
  /** Sum of `dropped`. */
  samplesDropped: number;
  dropped: Readonly<Record<DropReason, number>>;
  samplesQueued: number;
  retries: number;
  /** The last refusal or error of network or disk, for people; empty when there was none. */
  lastError: string;
}

/** For those who pull: nothing is sent. */
export const NO_SINK: ProbeSink = { observe() {}, end() {}, stop: async () => {} };
