import { setMaxListeners } from 'node:events';
import type { AddressBook, Catalogue, HostAndPort } from '../thresholds/model.ts';
import type { ProbeRow } from '../thresholds/verdict.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Lookup } from './connect.ts';
import { createConnectivityGuard } from './connectivity.ts';
import { DEFAULT_LIMITS, type ProbeOptions } from './context.ts';
import { NO_SINK, type ProbeSink } from './delivery/sink.ts';
import { watchLag } from './event-loop-lag.ts';
import { beginTrace } from './http/trace.ts';
import type { OwnMetric } from './metrics/own.ts';
import { watchOwn } from './metrics/own-watch.ts';
import { createRegistry, type ProbeRegistry } from './metrics/registry.ts';
import { probeRows } from './rows.ts';
import { recheckBudget } from './schedule/recheck.ts';
import { createScheduler, DEFAULT_CAPS, type Scheduler } from './schedule/scheduler.ts';
import type { Shard } from './schedule/shard.ts';
import { createMemoryStore, type StateStore } from './state/store.ts';
import { systemContext, systemLookup } from './system-context.ts';
import { DURATIONS_OF_A_VERDICT, type ProbeTally } from './tally.ts';
import { planTargets } from './target.ts';
import type { RunWatcher } from './target-loop.ts';
import { createTargetSet, REPEAT_MS, type ReloadSummary } from './target-set.ts';

/** What is probed; all of it may change while probes are under way. */
export interface ProbePlan {
  catalogue: Catalogue;
  addresses: AddressBook;
  /** Certificates to trust for services that name none of their own; the simulated fleet's. */
  caFile?: string | null | undefined;
}

/** What to probe, how often, and where the samples go. */
export interface ProbeRunnerOptions extends ProbePlan {
  /** Every target this often instead of as the catalogue says; looks that cost money take four times as long. */
  intervalMs?: number | undefined;
  /** A run of seconds that ends in a verdict: with percentiles, and without the targets that it cannot judge. */
  oneShot?: boolean;
  /** Where this prober stands: the label `location` of every series. Default: no such label. */
  location?: string | undefined;
  /** The part of the targets that this prober has. Default: all. */
  shard?: Shard | null;
  /** Beside those of the catalogue. */
  connectivity?: readonly HostAndPort[];
  /** Which prober: the label `instance` of what it pushes of itself. */
  instance?: string;
  /** Of firedrill, for its own metrics. */
  version?: string;
  /** Default: nothing is sent. */
  sink?: ProbeSink;
  /** Is told of every run. */
  watcher?: RunWatcher;
  clock?: Clock;
  caps?: { total: number; perHost: number };
  env?: Readonly<Record<string, string | undefined>>;
  lookup?: Lookup;
  /** Default: in memory, so that it ends with the process. */
  state?: StateStore;
  /** Each http probe begins a trace, whose id is the exemplar of its duration. */
  traces?: boolean;
}

/** Probes under way. */
export interface ProbeRunner {
  readonly registry: ProbeRegistry;
  /** Runs so far, by target. */
  results(): ReadonlyMap<string, ProbeTally>;
  readonly skipped: Scheduler['skipped'];
  readonly lag: Scheduler['lag'];
  /** Longest stall of the event loop in the last minute, as far as it is remembered. */
  lagSeconds(): number;
  /** Metrics of the prober itself, as they are now. */
  own(): OwnMetric[];
  /**
   * Probes another catalogue from now on. Targets that stay the same keep timers, streaks, counters and whatever their probe remembers.
   * @throws Error that lists every service without a usable address; everything then stays as it was.
   */
  reload(plan: ProbePlan): Promise<ReloadSummary>;
  /** A reload failed before it came to this: the metrics say so. */
  reloadFailed(): void;
  /** Ends the runs under way without counting them, ends all series, sends what is left, and judges. */
  stop(): Promise<ProbeRow[]>;
}

/** How often series that would fall out of Prometheus's sight are looked for. */
const REPEAT_CHECK_MS = 15_000;

/**
 * Starts to probe every service of a catalogue, each at its own phase of its interval.
 * @throws Error that lists every service without a usable address.
 */
export function startProbes({
  intervalMs,
  oneShot = false,
  location = '',
  shard = null,
  connectivity = [],
  instance = '',
  version = '',
  sink = NO_SINK,
  watcher,
  clock = systemClock(),
  caps = DEFAULT_CAPS,
  env = process.env,
  lookup = systemLookup,
  state = createMemoryStore(),
  traces = false,
  ...first
}: ProbeRunnerOptions): ProbeRunner {
  const plan = ({ catalogue, addresses, caFile = null }: ProbePlan) =>
    planTargets(catalogue, addresses, { caFile, intervalMs, oneShot, location, shard });
  const targets = plan(first);
  const stopping = new AbortController();
  // One listener for each run under way.
  setMaxListeners(0, stopping.signal);
  const context = { ...systemContext(clock, env, lookup, state), ...(traces && { beginTrace }) };
  const guardOf = ({ catalogue }: ProbePlan) =>
    createConnectivityGuard(context, [...catalogue.connectivity, ...connectivity]);
  let guard = guardOf(first);
  const scheduler = createScheduler({ clock, caps });
  const lag = watchLag(clock);
  const registry = createRegistry();
  const rechecks = recheckBudget();
  const options: ProbeOptions = { ...DEFAULT_LIMITS, signal: stopping.signal };
  const around = { registry, sink, context, options, lag, connectivity: () => guard, rechecks, watcher };
  const set = createTargetSet(scheduler, around, oneShot ? DURATIONS_OF_A_VERDICT : 0);
  set.fill(targets);
  const lagSeconds = () => lag.worstSinceMs(clock.monotonicMs() - 60_000) / 1_000;
  const own = watchOwn({
    clock,
    sink,
    labels: { environment: first.catalogue.environment, location, instance },
    read: () => ({
      version,
      targets: set.byKind(),
      skipped: scheduler.skipped,
      load: scheduler.load,
      startLag: scheduler.lag,
      rechecks: rechecks.total,
      online: guard.online,
      lagSeconds: lagSeconds(),
      delivery: sink.stats?.() ?? null,
    }),
  });
  let cancelRepeat = () => {};
  const repeat = () => {
    set.repeatRare(clock.now() - REPEAT_MS);
    cancelRepeat = clock.after(REPEAT_CHECK_MS, repeat);
  };
  repeat();
  let reloading: Promise<unknown> = Promise.resolve();

  return {
    registry,
    results: () => set.tallies,
    skipped: scheduler.skipped,
    lag: scheduler.lag,
    lagSeconds,
    own: () => own.metrics(),
    reload(next) {
      const work = async () => {
        const wanted = plan(next);
        const summary = await set.update(wanted);
        guard = guardOf(next);
        own.reloaded(true);
        return summary;
      };
      const done = reloading.then(work).catch((error: unknown) => {
        own.reloaded(false);
        throw error;
      });
      reloading = done.catch(() => {});
      return done;
    },
    reloadFailed: () => own.reloaded(false),
    async stop() {
      await reloading;
      const tallies = [...set.tallies.values()];
      scheduler.stop();
      lag.stop();
      cancelRepeat();
      stopping.abort(new Error('the prober is stopping'));
      await set.end();
      own.end();
      await sink.stop();
      await state.flush();
      return probeRows(tallies);
    },
  };
}
