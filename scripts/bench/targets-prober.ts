import { systemClock } from '../../probes/clock.ts';
import { createRemoteWrite } from '../../probes/delivery/remote-write.ts';
import { watchLag } from '../../probes/event-loop-lag.ts';
import { createStatusBoard } from '../../probes/history/status-board.ts';
import { startProbes } from '../../probes/runner.ts';
import type { AddressBook, Catalogue } from '../../thresholds/model.ts';

/** What the prober is told: first what to probe, then to say how it stands, at last to stop. */
export type ProberOrder = { catalogue: Catalogue; addresses: AddressBook; url: string } | 'report' | 'stop';

/** How the prober stands. Counts since its start; megabytes of resident memory. */
export interface ProberReport {
  runs: number;
  failures: number;
  unknown: number;
  skipped: number;
  /** Starts by lag, in the buckets of `LAG_BOUNDS`. */
  lagCounts: number[];
  /** Longest stall of the event loop since the last report. */
  worstLagSeconds: number;
  cpuSeconds: number;
  idleMegabytes: number;
  peakMegabytes: number;
  samplesSent: number;
  samplesDropped: number;
  samplesQueued: number;
  retries: number;
  lastError: string;
  /** Of a failed or unknown run, where there was one. */
  example: string;
}

const SAMPLE_MEMORY_MS = 250;
/** The ends of all series leave at once: a sample for each. */
const STOP_TIMEOUT_MS = 60_000;

// A process of its own, forked by the benchmark: the runner as `firedrill probe` uses it, and nothing beside it.
const idleMegabytes = megabytes();
process.once('message', ({ catalogue, addresses, url }: Exclude<ProberOrder, string>) => {
  let peakMegabytes = idleMegabytes;
  const clock = systemClock();
  const sink = createRemoteWrite({ url, clock, stopTimeoutMs: STOP_TIMEOUT_MS });
  const runner = startProbes({ catalogue, addresses, sink, clock, watcher: createStatusBoard() });
  const memory = setInterval(() => {
    peakMegabytes = Math.max(peakMegabytes, megabytes());
  }, SAMPLE_MEMORY_MS);
  const lag = watchLag(clock);
  let reportedMs = clock.monotonicMs();

  const report = (): ProberReport => {
    const totals = { runs: 0, failures: 0, unknown: 0 };
    let example = '';
    for (const { runs, failures, unknown, lastFailure, lastUnknown, target } of runner.results().values()) {
      totals.runs += runs;
      totals.failures += failures;
      totals.unknown += unknown;
      const bad = lastFailure ?? lastUnknown;
      if (bad !== null) example = `${target}: ${bad.reason}: ${bad.detail}`;
    }
    const { user, system } = process.cpuUsage();
    const worstLagSeconds = lag.worstSinceMs(reportedMs) / 1_000;
    reportedMs = clock.monotonicMs();
    return {
      ...totals,
      ...sink.stats(),
      skipped: runner.skipped.late + runner.skipped.overlap,
      lagCounts: [...runner.lag.counts],
      worstLagSeconds,
      cpuSeconds: (user + system) / 1e6,
      idleMegabytes,
      peakMegabytes,
      example,
    };
  };
  process.on('message', async (order: ProberOrder) => {
    if (order === 'stop') {
      clearInterval(memory);
      await runner.stop();
    }
    process.send?.(report());
  });
  process.send?.(report());
});
process.once('disconnect', () => process.exit(0));

function megabytes(): number {
  return process.memoryUsage.rss() / 1e6;
}
