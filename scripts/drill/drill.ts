import { type DrillCase, type DrillPlan, planDrill } from '../../monitoring/drill/case.ts';
import type { DrillClock } from '../../monitoring/drill/clock.ts';
import { sharesGroup } from '../../monitoring/drill/shared-group.ts';
import type { Fleet } from '../fleet/fleet-types.ts';
import { applyFiredInHealth } from './fired-in-health.ts';
import { Gate } from './gate.ts';
import { observeHealth } from './health.ts';
import { LagMeter } from './lag.ts';
import { drilledPart, type Pair, type PairOptions, startPair } from './pair.ts';
import type { DrillProgress } from './progress.ts';
import { brokenResult, type DrillResult, inCatalogueOrder, undrillableRows, unmeasuredRows } from './result.ts';
import { runCase } from './run-case.ts';
import type { DrillSession } from './session.ts';
import { startDrillTraffic } from './traffic.ts';
import { untilWarm } from './warm-up.ts';
import { AlertWatch } from './watch.ts';

export type { DrillResult } from './result.ts';

export interface DrillOptions extends Omit<PairOptions, 'clock' | 'cases' | 'fleet'> {
  /** Null when the catalogue has no simulated service: then there is nothing to switch a fault on. */
  fleet: Fleet | null;
  /** How many times faster than real time; 60 by default. */
  compression?: number;
  signal: AbortSignal;
  onProgress?: (progress: DrillProgress) => void;
}

/** A pair that runs and scrapes, ready for the drill. */
export interface PreparedDrill {
  /** To be called once. Ends every fault that it switched on, whatever happens; leaves the pair to `stop`. */
  run(): Promise<DrillResult>;
  stop(): Promise<void>;
}

const DEFAULT_COMPRESSION = 60;
/** Fast enough that 5 seconds, a window of 5 minutes at 60-fold compression, hold 20 scrapes. */
const INTERVAL_MS = 250;

/**
 * Starts the drill's own Prometheus and Alertmanager and waits until every simulated service was scraped twice and all rules were
 * evaluated. Takes about 6 seconds with Prometheus 2.42, whose first scrape comes 5 seconds after its start.
 * @throws HarnessError when the pair does not get ready.
 */
export async function prepareDrill(options: DrillOptions): Promise<PreparedDrill> {
  const { catalogue, fleet, scope, signal } = options;
  const plan = planDrill(catalogue);
  const clock = drillClock(options);
  if (fleet === null || plan.cases.length === 0) {
    const idle = unmeasuredRows(plan.cases, clock, 'inconclusive', 'no simulated service runs to switch its fault on');
    const result = { rows: [...undrillableRows(plan, clock), ...idle], problems: [], notDrilled: plan.notDrilled };
    return { run: async () => result, stop: async () => {} };
  }
  const { cases } = plan;
  const pair = await startPair({ ...options, clock, fleet, cases });
  try {
    await scope.guard(untilWarm(pair, drilledPart(catalogue, fleet.addresses), signal));
  } catch (error) {
    await pair.stop();
    throw error;
  }
  return { run: () => drill({ ...options, fleet }, clock, plan, pair), stop: () => pair.stop() };
}

/**
 * The whole drill: prepares, runs, takes the pair down. A pair that fails is a problem in the result, not an exception; only an
 * aborted signal is thrown.
 */
export async function runDrill(options: DrillOptions): Promise<DrillResult> {
  let prepared: PreparedDrill | undefined;
  try {
    prepared = await prepareDrill(options);
    return await prepared.run();
  } catch (error) {
    options.signal.throwIfAborted();
    const plan = planDrill(options.catalogue);
    return brokenResult(plan, drillClock(options), undrillableRows(plan, drillClock(options)), new Set(), error);
  } finally {
    await prepared?.stop();
  }
}

async function drill(
  options: DrillOptions & { fleet: Fleet },
  clock: DrillClock,
  plan: DrillPlan,
  pair: Pair,
): Promise<DrillResult> {
  const { fleet, scope, signal, onProgress = () => {} } = options;
  const started = performance.now();
  const ended = new AbortController();
  const session: DrillSession = {
    fleet,
    pair,
    clock,
    watch: new AlertWatch(pair.prometheus, clock.evaluationMs),
    lag: new LagMeter(),
    gate: new Gate(),
    responsibilities: [],
    signal: AbortSignal.any([signal, ended.signal]),
    report: onChange((id, state) => onProgress({ case: id, state, seconds: (performance.now() - started) / 1_000 })),
  };
  const rows = undrillableRows(plan, clock);
  const finished = new Set<DrillCase>();
  const drillAll = async () => {
    const health = await observeHealth(session, plan.cases);
    const running = plan.cases.map(async (each) => {
      const seen = health.get(each) ?? { requestsPerSecond: null, lookMs: null };
      const groupShared = sharesGroup(options.catalogue, each, plan.cases);
      rows.push(await runCase(session, each, seen, groupShared));
      finished.add(each);
    });
    await allSettledOrFirstError(running, ended);
    return inCatalogueOrder(options.catalogue, await applyFiredInHealth(session, options.catalogue, rows));
  };
  const stopTraffic = await startDrillTraffic(fleet, plan.cases, clock);
  const work = drillAll();
  try {
    return { rows: await scope.guard(work), problems: [], notDrilled: plan.notDrilled };
  } catch (error) {
    signal.throwIfAborted();
    return brokenResult(plan, clock, rows, finished, error);
  } finally {
    ended.abort();
    // The faults of every case are switched off before this settles.
    await work.catch(() => {});
    session.lag.stop();
    await session.watch.stop();
    await stopTraffic().catch(() => {});
  }
}

/** Waits for all; the first that fails ends the others through `ended`, and its error is thrown once all have cleaned up. */
async function allSettledOrFirstError(running: readonly Promise<void>[], ended: AbortController): Promise<void> {
  let first: { error: unknown } | undefined;
  await Promise.all(
    running.map((each) =>
      each.catch((error: unknown) => {
        first ??= { error };
        ended.abort();
      }),
    ),
  );
  if (first !== undefined) throw first.error;
}

/** Reports a state only when it is another one than before. */
function onChange(report: DrillSession['report']): DrillSession['report'] {
  const last = new Map<string, string>();
  return (id, state) => {
    if (last.get(id) === state) return;
    last.set(id, state);
    report(id, state);
  };
}

function drillClock({ compression = DEFAULT_COMPRESSION }: Pick<DrillOptions, 'compression'>): DrillClock {
  return { compression, scrapeMs: INTERVAL_MS, evaluationMs: INTERVAL_MS };
}
