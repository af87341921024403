import { confirmState, unconfirmed } from './confirmation.ts';
import { type ConnectivityGuard, distrustOffline } from './connectivity.ts';
import type { ProbeContext, ProbeOptions } from './context.ts';
import type { ProbeSink } from './delivery/sink.ts';
import type { LagWatch } from './event-loop-lag.ts';
import type { StatusBoard } from './history/status-board.ts';
import { kindOf } from './kinds.ts';
import { distrustLagging } from './lagging.ts';
import { forgetGauges, type ProbeRegistry, recordRun } from './metrics/registry.ts';
import { watchMaintenance } from './planned.ts';
import type { ProbeResult } from './result.ts';
import { createRecheck, type RecheckBudget } from './schedule/recheck.ts';
import { addToTally, type ProbeTally } from './tally.ts';
import type { ProbeTarget } from './target.ts';

/**
 * Unknown runs in a row after which the target's gauges end. Fewer, and one stall of the prober would resolve an alert that fires; more, and
 * a prober that cannot look keeps a target green.
 */
const UNKNOWN_UNTIL_SILENT = 3;

/** What the loops of all targets share. */
export interface LoopSurroundings {
  registry: ProbeRegistry;
  sink: ProbeSink;
  context: ProbeContext;
  options: ProbeOptions;
  lag: LagWatch;
  /** The guard of the catalogue in force. */
  connectivity: () => ConnectivityGuard;
  rechecks: RecheckBudget;
  watcher: RunWatcher | undefined;
}

/** Whoever wants to know of targets and their runs, such as the status page. */
export type RunWatcher = Pick<StatusBoard, 'add' | 'observe' | 'remove'>;

/** The runs of one target. */
export interface TargetLoop {
  readonly target: ProbeTarget;
  readonly tally: ProbeTally;
  /** Runs once; `extra`: not due by the interval. Resolves to the milliseconds after which to look again, or null. */
  run(extra: boolean): Promise<number | null>;
  /** The target is another now. Counters, state and history stay as far as they fit; a run under way is no longer counted. */
  replace(target: ProbeTarget): void;
  /** Sends the values of the last run again if that was before `sinceMs` (Unix): a series without a sample for five minutes is gone. */
  repeat(sinceMs: number): void;
  /** Ends the target's series at once, and frees what its probe holds as soon as no run uses it. */
  end(): Promise<void>;
}

/** All that happens in one run of one target: probe, believe or not, count, hand on. */
export function createTargetLoop(first: ProbeTarget, tally: ProbeTally, around: LoopSurroundings): TargetLoop {
  const { registry, sink, context, options, lag, watcher } = around;
  const { clock } = context;
  const confirmation = unconfirmed();
  const recheck = createRecheck(around.rechecks);
  let target = first;
  let series = registry.add(first);
  watcher?.add(first);
  let probe = kindOf(first.spec).create(context, first);
  let planned = watchMaintenance(first.maintenance);
  let underWay: Promise<unknown> = Promise.resolve();
  let ended = false;
  let lastSampleMs = 0;
  let unknownInARow = 0;
  // Two samples of a series at one time, or out of order, would be refused with their whole batch.
  const nextTimestampMs = () => {
    lastSampleMs = Math.max(lastSampleMs + 1, clock.now());
    return lastSampleMs;
  };

  /** The result as it may be believed; undefined when it says nothing: cut short, or of a target that is another now. */
  const look = async (): Promise<ProbeResult | undefined> => {
    const used = probe;
    const { timeoutMs } = target.spec;
    const startMs = clock.monotonicMs();
    const running = used.run(options).catch(() => undefined);
    underWay = running;
    const seen = await running;
    if (seen === undefined) return undefined;
    const result = distrustLagging(seen, lag.worstSinceMs(startMs), timeoutMs);
    const believed =
      result.outcome === 'failure' ? await distrustOffline(result, around.connectivity(), startMs) : result;
    // A sample after the end would revive the series.
    return options.signal.aborted || ended || used !== probe ? undefined : believed;
  };

  const record = (result: ProbeResult, extra: boolean, maintenance: boolean) => {
    const { spec } = target;
    const timestampMs = nextTimestampMs();
    const counts = !extra && !maintenance;
    if (result.outcome !== 'unknown') confirmState(confirmation, result.outcome === 'success', spec.confirm);
    recordRun(series, {
      result,
      endedAtSeconds: timestampMs / 1_000,
      timeoutSeconds: spec.timeoutMs / 1_000,
      state: confirmation.state,
      maintenance,
      counts,
    });
    addToTally(tally, result, counts);
    const up = Number.isNaN(confirmation.state) ? null : confirmation.state === 1;
    watcher?.observe({ target, result, atMs: timestampMs, up, maintenance, extra });
    unknownInARow = result.outcome === 'unknown' ? unknownInARow + 1 : 0;
    if (unknownInARow === UNKNOWN_UNTIL_SILENT) {
      sink.end(series, timestampMs);
      forgetGauges(series);
    } else sink.observe(series, timestampMs);
  };

  return {
    get target() {
      return target;
    },
    tally,
    async run(extra) {
      // Counters stand at 0 before the first run, so that a rate sees it.
      if (lastSampleMs === 0) sink.observe(series, nextTimestampMs());
      const maintenance = planned(clock.now());
      const result = await look();
      if (result === undefined) return null;
      record(result, extra, maintenance);
      if (result.outcome === 'unknown') return null;
      const { recheckMs, intervalMs } = target.spec;
      return recheck.after(
        { success: result.outcome === 'success', up: confirmation.state === 1 },
        recheckMs,
        intervalMs,
      );
    },
    replace(next) {
      const old = probe;
      void underWay.then(() => old.close?.());
      const before = series;
      target = next;
      series = registry.replace(next);
      probe = kindOf(next.spec).create(context, next);
      planned = watchMaintenance(next.maintenance);
      if (lastSampleMs === 0 || series === before) return;
      sink.end(before, nextTimestampMs());
      sink.observe(series, nextTimestampMs());
    },
    repeat(sinceMs) {
      if (!ended && lastSampleMs !== 0 && lastSampleMs < sinceMs) sink.observe(series, nextTimestampMs());
    },
    async end() {
      ended = true;
      recheck.end();
      registry.remove(target.id);
      watcher?.remove(target.id);
      if (lastSampleMs !== 0) sink.end(series, nextTimestampMs());
      await underWay;
      await probe.close?.();
    },
  };
}
