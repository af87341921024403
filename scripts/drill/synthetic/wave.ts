import { setTimeout as delay } from 'node:timers/promises';
import type { SyntheticCase } from '../../../monitoring/drill/synthetic/case.ts';
import type { Placement } from '../../../monitoring/drill/synthetic/clock.ts';
import { type Expectation, expectation, sinceLoaded } from '../../../monitoring/drill/synthetic/expect.ts';
import { type LoadOptions, loadedGroups } from '../../../monitoring/drill/synthetic/load.ts';
import { observedCase } from '../../../monitoring/drill/synthetic/observe.ts';
import { type Sightings, sortSightings } from '../../../monitoring/drill/synthetic/observed.ts';
import type { ObservedCase } from '../../../monitoring/drill/synthetic/result.ts';
import type { DrillRoutes } from '../../../monitoring/drill/synthetic/routes.ts';
import type { Script } from '../../../monitoring/drill/synthetic/script.ts';
import { groupIterations } from '../harness.ts';
import type { LagMeter } from '../lag.ts';
import { type Lane, loadGroups, ticking } from './lane.ts';
import { learnPhases } from './phases.ts';
import { placementOf, played } from './played.ts';
import { alertStates, notifiedStates } from './watch.ts';
import { writeSeries } from './write.ts';

type Labels = Readonly<Record<string, string>>;

/** A lane with what is played on it, and the cases whose rules are loaded. */
export interface LoadedLane {
  readonly lane: Lane;
  readonly scripts: readonly Script[];
  readonly cases: readonly SyntheticCase[];
}

export interface WaveOptions {
  readonly lanes: readonly LoadedLane[];
  readonly cases: readonly SyntheticCase[];
  readonly routes: DrillRoutes;
  readonly lag: LagMeter;
  readonly signal: AbortSignal;
  /** Prometheus 3 and later find an Alertmanager at once. */
  readonly quickDiscovery: boolean;
  readonly load: Omit<LoadOptions, 'placements'>;
  readonly onLook: (
    seen: ReadonlyMap<SyntheticCase, ObservedCase>,
    expected: ReadonlyMap<SyntheticCase, Expectation>,
  ) => void;
}

/** What a wave showed of one case. */
export interface Played {
  readonly case: SyntheticCase;
  readonly expected: Expectation;
  readonly observed: ObservedCase;
  readonly missedEvaluations: number;
  readonly disturbance: string | null;
}

/** Samples that a Prometheus takes in a millisecond, with room to spare. */
const SAMPLES_PER_MS = 120;
/** For loading the rules; and for finding the Alertmanager again after that, which Prometheus 2 looks for every 5 seconds. */
const LEAD_MS = { loading: 900, finding: 5_300, findingQuickly: 700 };
/** Series go on after the last case, so that nothing vanishes while others are still watched. */
const AFTER_MS = 6_000;
const POLL_MS = 800;
/** Beyond the predicted times, so that late can be told from missed. */
const BEYOND_MS = 2_500;
/** Own timers that late mean that this process did not get its share of the processors. */
const LAG_LIMIT_MS = 300;

/** Plays all scripts of some lanes at once and watches what becomes of their alerts. */
export async function playWave(options: WaveOptions): Promise<Played[]> {
  const { lanes, cases, routes, lag, signal, load } = options;
  const phases = new Map<string, number>();
  const nowhere = new Map<string, Placement>();
  const still = lanes.map((each) => ({ ...each, groups: loadedGroups(each.cases, { ...load, placements: nowhere }) }));
  await Promise.all(still.map(({ lane, groups }) => loadGroups(lane, ticking(groups))));
  for (const { lane, groups } of still) {
    const names = groups.map(({ name }) => name);
    for (const [name, phase] of await learnPhases(lane.prometheus, names, signal)) phases.set(name, phase);
  }
  const findingMs = options.quickDiscovery ? LEAD_MS.findingQuickly : LEAD_MS.finding;
  const startMs = Date.now() + LEAD_MS.loading + findingMs + samplesIn(cases) / SAMPLES_PER_MS;
  const placements = new Map(cases.map((each) => [each.id, placementOf(each, startMs, phases)]));
  const expected = new Map(
    cases.map((each) => [each, expectation(each, placements.get(each.id) as Placement, routes)]),
  );
  const lastMs = Math.max(...[...expected.values()].map(deadlineOf));
  const owners = new Map(cases.flatMap((each) => each.scripts.map((script) => [script.id, each] as const)));
  await Promise.all(
    lanes.map(async ({ lane, scripts, cases: own }) => {
      await writeSeries(lane.prometheus.url, played(scripts, owners, placements, lastMs + AFTER_MS), signal);
      // Not sooner: the series of a case begin only some seconds before its fault, and without them rules on what is absent fire.
      await delay(Math.max(0, startMs - LEAD_MS.loading - findingMs - Date.now()), undefined, { signal });
      await loadGroups(lane, loadedGroups(own, { ...load, placements }));
    }),
  );
  const loadedMs = Date.now();
  const foundMs = await alertmanagersFound(lanes, startMs + BEYOND_MS, signal);
  const before = await Promise.all(lanes.map(({ lane }) => groupIterations(lane.prometheus.url)));
  for (const each of cases) {
    if (each.always) expected.set(each, sinceLoaded(expected.get(each) as Expectation, each, loadedMs));
  }
  const look = async () => {
    const sightings = new Map<Script, Sightings>();
    const known = new WeakMap<Labels, string[]>();
    const keys = (labels: Labels) => {
      const found = known.get(labels) ?? routes.destinations(labels).map(({ groupKey }) => groupKey);
      known.set(labels, found);
      return found;
    };
    for (const { lane, scripts } of lanes) {
      const seen = sortSightings(scripts, await alertStates(lane, startMs - findingMs - 1_000), notifiedStates(lane));
      for (const script of scripts) sightings.set(script, seen);
    }
    return new Map(
      cases.map((each) => {
        const at = (script: Script) => sightings.get(script) as Sightings;
        return [each, observedCase(each, expected.get(each) as Expectation, at, keys)] as const;
      }),
    );
  };
  const soonestMs = Math.max(...[...expected.values()].map(({ endMs }) => endMs));
  let observed = await look();
  while (
    Date.now() < soonestMs ||
    (Date.now() < lastMs + BEYOND_MS && !cases.every((each) => settled(each, observed.get(each), expected.get(each))))
  ) {
    await delay(POLL_MS, undefined, { signal });
    observed = await look();
    options.onLook(observed, expected);
  }
  const after = await Promise.all(lanes.map(({ lane }) => groupIterations(lane.prometheus.url)));
  const missed = (name: string) =>
    after.reduce(
      (sum, groups, lane) => sum + (groups.get(name)?.missed ?? 0) - (before[lane]?.get(name)?.missed ?? 0),
      0,
    );
  return cases.map((each) => {
    const own = expected.get(each) as Expectation;
    return {
      case: each,
      expected: own,
      observed: observed.get(each) as ObservedCase,
      missedEvaluations: missed(each.unit.name),
      disturbance: disturbanceOf(own, each.always ? 0 : loadedMs, foundMs, lag),
    };
  });
}

function samplesIn(cases: readonly SyntheticCase[]): number {
  return cases.reduce((sum, { scripts, clock, endMs }) => {
    const each = endMs / clock.factor / clock.wallSampleMs + AFTER_MS / clock.wallSampleMs;
    return sum + each * scripts.reduce((count, { series }) => count + series.length, 0);
  }, 0);
}

function deadlineOf({ endMs, delivered, resolvedDelivered }: Expectation): number {
  return Math.max(endMs, delivered?.[1] ?? 0, resolvedDelivered?.[1] ?? 0);
}

/** Whether nothing more is to come. */
function settled({ mode }: SyntheticCase, seen: ObservedCase | undefined, expected: Expectation | undefined): boolean {
  if (seen === undefined || expected === undefined || seen.firingAtMs === null)
    return Date.now() > (expected?.endMs ?? 0) + BEYOND_MS;
  if (mode === 'firing') return true;
  const told = (status: string) =>
    new Set(seen.deliveries.filter((each) => each.status === status).map(({ receiver }) => receiver));
  const [firing, resolved] = [told('firing'), told('resolved')];
  return expected.destinations.every(
    ({ receiver, sendsResolved }) =>
      firing.has(receiver) && (!sendsResolved || expected.resolved === null || resolved.has(receiver)),
  );
}

function disturbanceOf(expected: Expectation, loadedMs: number, foundMs: number, lag: LagMeter): string | null {
  const { liveMs, endMs, pending, firing } = expected;
  if (loadedMs > (pending ?? firing)[0]) return 'the machine was busy: rules were loaded after their fault';
  if (foundMs > firing[1]) return 'the machine was busy: Prometheus knew its Alertmanager too late';
  const lagMs = lag.longestMs(liveMs, endMs + BEYOND_MS);
  return lagMs > LAG_LIMIT_MS ? `the machine was busy: timers were ${Math.round(lagMs)} ms late` : null;
}

/** When all lanes had found their Alertmanager again after the last change of their configuration. */
async function alertmanagersFound(
  lanes: readonly LoadedLane[],
  deadlineMs: number,
  signal: AbortSignal,
): Promise<number> {
  while (Date.now() < deadlineMs) {
    const counts = await Promise.all(lanes.map(({ lane }) => lane.prometheus.activeAlertmanagers()));
    if (counts.every((count) => count > 0)) return Date.now();
    await delay(POLL_MS / 5, undefined, { signal });
  }
  return deadlineMs;
}
