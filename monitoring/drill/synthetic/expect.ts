import type { SyntheticCase } from './case.ts';
import { type Placement, wallTime } from './clock.ts';
import type { Destination, DrillRoutes } from './routes.ts';

/** Earliest and latest moment, Unix milliseconds. */
export type Span = readonly [number, number];

/** When a case must show what, on the wall clock. */
export interface Expectation {
  readonly liveMs: number;
  readonly faultOnMs: number;
  readonly faultOffMs: number | null;
  readonly endMs: number;
  /** Null: it never is pending. */
  readonly pending: Span | null;
  readonly firing: Span;
  /** How long it is pending before it fires. */
  readonly holdMs: Span;
  /** Null: not watched until then. */
  readonly resolved: Span | null;
  /** After firing, and after the end, how long each receiver may take. */
  readonly destinations: readonly Destination[];
  readonly delivered: Span | null;
  readonly resolvedDelivered: Span | null;
}

/**
 * What is granted to a busy machine on top of the computed times of a notification: the post, and the processors that it shares. Measured on two cores.
 */
export const SLACK_MS = 750;
/** A rule is evaluated before the request to load it is answered. */
const LOADING_MS = 1_500;
/** A first notification that found no Alertmanager is sent again with the next one. */
const RESENT_MS = 12_000;
/** Scaled durations and sample times are whole milliseconds. */
const ROUNDING_MS = 5;

/** Puts the prediction of a case on the wall clock. */
export function expectation(each: SyntheticCase, placement: Placement, routes: DrillRoutes): Expectation {
  const { prediction, clock, onMs, offMs, liveFromMs, endMs } = each;
  const wall = (atMs: number) => wallTime(placement, atMs);
  const tolerance = clock.wallEvaluationMs + clock.wallSampleMs + ROUNDING_MS;
  const around = (atMs: number): Span => [wall(atMs) - tolerance, wall(atMs) + tolerance];
  const firing = around(prediction.firingMs);
  const pending = prediction.pendingMs === null ? null : around(prediction.pendingMs);
  const hold = (prediction.firingMs - (prediction.pendingMs ?? prediction.firingMs)) / clock.factor;
  const resolved = prediction.resolvedMs === null ? null : around(prediction.resolvedMs);
  const destinations = destinationsOf(prediction.labels, routes);
  const [soonest, latest, interval] = [
    Math.min(...destinations.map(({ groupWaitMs }) => groupWaitMs)),
    Math.max(...destinations.map(({ groupWaitMs, groupIntervalMs }) => Math.max(groupWaitMs, groupIntervalMs))),
    Math.max(...destinations.map(({ groupIntervalMs }) => groupIntervalMs)),
  ];
  const told = destinations.length > 0;
  return {
    liveMs: wall(liveFromMs),
    faultOnMs: wall(onMs),
    faultOffMs: offMs === null ? null : wall(offMs),
    endMs: wall(endMs),
    pending,
    firing,
    holdMs: [hold - clock.wallEvaluationMs / 2, hold + clock.wallEvaluationMs / 2],
    resolved,
    destinations,
    delivered: told ? [firing[0] + soonest, firing[1] + latest + SLACK_MS] : null,
    resolvedDelivered: told && resolved !== null ? [resolved[0], resolved[1] + interval + SLACK_MS] : null,
  };
}

/** The same for an alert that always fires: it does so from the moment on at which its rule was loaded. */
export function sinceLoaded(
  expected: Expectation,
  { clock, prediction }: SyntheticCase,
  loadedMs: number,
): Expectation {
  const { delivered, firing } = expected;
  const hold = prediction.firingMs / clock.factor;
  const own: Span = [loadedMs - LOADING_MS + hold, loadedMs + hold + 3 * clock.wallEvaluationMs];
  const later = own[1] - firing[1];
  return {
    ...expected,
    faultOnMs: loadedMs - LOADING_MS,
    firing: own,
    delivered: delivered === null ? null : [own[0], delivered[1] + later + RESENT_MS],
  };
}

/** Every receiver of any of the alerts, once. */
function destinationsOf(labels: SyntheticCase['prediction']['labels'], routes: DrillRoutes): Destination[] {
  const found = new Map<string, Destination>();
  for (const each of labels.flatMap((one) => routes.destinations(one))) {
    const known = found.get(each.receiver);
    if (known === undefined || (!known.sendsResolved && each.sendsResolved)) found.set(each.receiver, each);
  }
  return [...found.values()].toSorted((a, b) => (a.receiver < b.receiver ? -1 : 1));
}
