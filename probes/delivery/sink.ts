import type { TargetSeries } from '../metrics/registry.ts';

/** Where samples go. The runner tells it what happened; batching, sending and losing are the sink's own affair. */
export interface ProbeSink {
  /** The values of a target as they are now. Timestamps of one target rise. */
  observe(state: TargetSeries, timestampMs: number): void;
  /** The target is gone: its series end now. */
  end(state: TargetSeries, timestampMs: number): void;
  /** Sends what is left, within a deadline, and frees everything. */
  stop(): Promise<void>;
}

/** What became of the samples given to a sink. */
export interface DeliveryStats {
  samplesSent: number;
  /** Refused by the receiver, pushed out of a full queue, or left over at the end. */
  samplesDropped: number;
  samplesQueued: number;
  retries: number;
  /** The last refusal or network error, for people; empty when there was none. */
  lastError: string;
}

/** For those who pull: nothing is sent. */
export const NO_SINK: ProbeSink = { observe() {}, end() {}, stop: async () => {} };
