import { setMaxListeners } from 'node:events';
import type { AddressBook, Catalogue } from '../thresholds/model.ts';
import type { ProbeRow } from '../thresholds/verdict.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Lookup } from './connect.ts';
import { DEFAULT_LIMITS, type ProbeOptions } from './context.ts';
import { NO_SINK, type ProbeSink } from './delivery/sink.ts';
import { watchLag } from './event-loop-lag.ts';
import { createRegistry, type ProbeRegistry } from './metrics/registry.ts';
import { probeRows } from './rows.ts';
import { createScheduler, DEFAULT_CAPS, type Scheduler } from './schedule/scheduler.ts';
import { createMemoryStore, type StateStore } from './state/store.ts';
import { systemContext, systemLookup } from './system-context.ts';
import { emptyTally, type ProbeTally } from './tally.ts';
import { planTargets } from './target.ts';
import { createTargetLoop } from './target-loop.ts';

/** What to probe, how often, and where the samples go. */
export interface ProbeRunnerOptions {
  catalogue: Catalogue;
  addresses: AddressBook;
  /** Certificates to trust for services that name none of their own; the simulated fleet's. */
  caFile?: string | null | undefined;
  /** Every target this often instead of as the catalogue says. */
  intervalMs?: number | undefined;
  /** Default: nothing is sent. */
  sink?: ProbeSink;
  clock?: Clock;
  caps?: { total: number; perHost: number };
  env?: Readonly<Record<string, string | undefined>>;
  lookup?: Lookup;
  /** Default: in memory, so that it ends with the process. */
  state?: StateStore;
}

/** Probes under way. */
export interface ProbeRunner {
  readonly registry: ProbeRegistry;
  /** Runs so far, by target. */
  results(): ReadonlyMap<string, ProbeTally>;
  readonly skipped: Scheduler['skipped'];
  /** Longest stall of the event loop in the last minute, as far as it is remembered. */
  lagSeconds(): number;
  /** Ends the runs under way without counting them, ends all series, sends what is left, and judges. */
  stop(): Promise<ProbeRow[]>;
}

/**
 * Starts to probe every service of a catalogue, each at its own phase of its interval.
 * @throws Error that lists every service without a usable address.
 */
export function startProbes({
  catalogue,
  addresses,
  caFile = null,
  intervalMs,
  sink = NO_SINK,
  clock = systemClock(),
  caps = DEFAULT_CAPS,
  env = process.env,
  lookup = systemLookup,
  state = createMemoryStore(),
}: ProbeRunnerOptions): ProbeRunner {
  const targets = planTargets(catalogue, addresses, { caFile, intervalMs });
  const registry = createRegistry();
  const tallies = new Map<string, ProbeTally>();
  const stopping = new AbortController();
  // One listener for each run under way.
  setMaxListeners(0, stopping.signal);
  const scheduler = createScheduler({ clock, caps });
  const lag = watchLag(clock);
  const context = systemContext(clock, env, lookup, state);
  const options: ProbeOptions = { ...DEFAULT_LIMITS, signal: stopping.signal };

  const loops = targets.map((target) => {
    const tally = emptyTally(target.id, target.spec.kind);
    tallies.set(target.id, tally);
    const loop = createTargetLoop({ series: registry.add(target), tally, sink, context, options, lag });
    scheduler.add({ id: target.id, intervalMs: target.spec.intervalMs, host: new URL(target.url).host, run: loop.run });
    return loop;
  });

  return {
    registry,
    results: () => tallies,
    skipped: scheduler.skipped,
    lagSeconds: () => lag.worstSinceMs(clock.monotonicMs() - 60_000) / 1_000,
    async stop() {
      scheduler.stop();
      lag.stop();
      stopping.abort(new Error('the prober is stopping'));
      await Promise.all(loops.map((loop) => loop.end()));
      await sink.stop();
      await state.flush();
      return probeRows([...tallies.values()]);
    },
  };
}
