import type { ProbeContext, ProbeOptions } from './context.ts';
import type { ProbeSink } from './delivery/sink.ts';
import type { LagWatch } from './event-loop-lag.ts';
import { kindOf } from './kinds.ts';
import { distrustLagging } from './lagging.ts';
import { forgetGauges, recordRun, type TargetSeries } from './metrics/registry.ts';
import { addToTally, type ProbeTally } from './tally.ts';
import type { ProbeTarget } from './target.ts';

/**
 * Unknown runs in a row after which the target's gauges end. Fewer, and one stall of the prober would resolve an alert that fires; more, and
 * a prober that cannot look keeps a target green.
 */
const UNKNOWN_UNTIL_SILENT = 3;

/** The runs of one target. */
export interface TargetLoop {
  /** Runs once; `lagMs`: how much later than due. */
  run(lagMs: number): Promise<void>;
  /** Ends the target's series and frees what its probe holds. */
  end(): Promise<void>;
}

/** All that happens in one run of one target: probe, believe or not, count, hand on. */
export function createTargetLoop({
  series,
  tally,
  sink,
  context,
  options,
  lag,
}: {
  series: TargetSeries;
  tally: ProbeTally;
  sink: ProbeSink;
  context: ProbeContext;
  options: ProbeOptions;
  lag: LagWatch;
}): TargetLoop {
  const { target }: { target: ProbeTarget } = series;
  const { clock } = context;
  const { timeoutMs } = target.spec;
  const probe = kindOf(target.spec).create(context, target);
  let lastSampleMs = 0;
  let unknownInARow = 0;
  // Two samples of a series at one time, or out of order, would be refused with their whole batch.
  const nextTimestampMs = () => {
    lastSampleMs = Math.max(lastSampleMs + 1, clock.now());
    return lastSampleMs;
  };
  return {
    async run(lagMs) {
      // Counters stand at 0 before the first run, so that a rate sees it.
      if (lastSampleMs === 0) sink.observe(series, nextTimestampMs());
      const startMs = clock.monotonicMs();
      const seen = await probe.run(options).catch(() => undefined);
      // A run that the stop cut short says nothing, and a sample after the end would revive its series.
      if (seen === undefined || options.signal.aborted) return;
      const result = distrustLagging(seen, lag.worstSinceMs(startMs), timeoutMs);
      const timestampMs = nextTimestampMs();
      recordRun(series, {
        result,
        endedAtSeconds: timestampMs / 1_000,
        lagSeconds: lagMs / 1_000,
        timeoutSeconds: timeoutMs / 1_000,
      });
      addToTally(tally, result);
      unknownInARow = result.outcome === 'unknown' ? unknownInARow + 1 : 0;
      if (unknownInARow === UNKNOWN_UNTIL_SILENT) {
        sink.end(series, timestampMs);
        forgetGauges(series);
        return;
      }
      sink.observe(series, timestampMs);
    },
    async end() {
      if (lastSampleMs !== 0) sink.end(series, nextTimestampMs());
      await probe.close?.();
    },
  };
}
