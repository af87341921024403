import { parse, stringify } from 'yaml';
import type { Problem, SourceFile } from '../../../thresholds/load/problem.ts';
import type { AlertmanagerConfig, Route } from '../../alertmanager-config.ts';
import { routesOf } from '../../audit/mutants/alertmanager/evaluate.ts';
import { readRouting } from '../../audit/mutants/alertmanager/read-config.ts';
import type { RouteNode, Routing } from '../../audit/mutants/alertmanager/routing.ts';
import { promqlDurationMs } from '../../promql/duration.ts';
import { drillAlertmanager } from '../../scale-alertmanager.ts';

type Labels = Readonly<Record<string, string>>;

/** Wall milliseconds that a route waits. */
export interface RouteTimings {
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
}

/** Where an alert is delivered. */
export interface Destination extends RouteTimings {
  readonly receiver: string;
  readonly sendsResolved: boolean;
  /** Alerts of one group are told together: the later ones wait for the rest of the group interval. */
  readonly groupKey: string;
}

/** The routes of an Alertmanager file on the drill's clock. */
export interface DrillRoutes {
  readonly routing: Routing;
  /** The receivers that an alert must reach; those that notify nobody are left out. */
  destinations(labels: Labels): Destination[];
  /** `alertmanager.yml` with a webhook in the place of each receiver. */
  text(urlFor: (receiver: string) => string): string;
  /** The longest that any of its routes waits before it tells of something new. */
  readonly longestWaitMs: number;
  /** What of the file has no part in a drill. */
  readonly notes: readonly string[];
}

/** Alertmanager's own defaults. */
const DEFAULTS: RouteTimings = { groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatIntervalMs: 14_400_000 };
/** How much faster routes wait, and what is left at the least. */
export interface RouteSpeed {
  readonly factor: number;
  readonly least: RouteTimings;
}

/** As fast as alerts bear: two evaluations to inhibit in, and an interval that a post fits into. */
export const FAST_ROUTES: RouteSpeed = {
  factor: 300,
  least: { groupWaitMs: 400, groupIntervalMs: 800, repeatIntervalMs: 60_000 },
};
/** As they are written. */
export const ROUTES_IN_REAL_TIME: RouteSpeed = {
  factor: 1,
  least: { groupWaitMs: 0, groupIntervalMs: 0, repeatIntervalMs: 0 },
};

/** Reads an Alertmanager file for a drill; what is wrong with it comes back with places. */
export function readDrillRoutes(source: SourceFile, speed: RouteSpeed = FAST_ROUTES): DrillRoutes | Problem[] {
  const routing = readRouting(source);
  if (Array.isArray(routing)) return routing;
  const config = parse(source.text) as AlertmanagerConfig;
  const timings = new Map<RouteNode, RouteTimings>();
  noteTimings(routing.root, config.route, DEFAULTS, { timings, speed });
  const drilled = parse(
    drillAlertmanager(source.text, { factor: 1, urlFor: (receiver) => receiver }),
  ) as AlertmanagerConfig;
  const sends = new Map(drilled.receivers.map((receiver) => [receiver.name, webhooks(receiver)]));
  const muted = JSON.stringify(config.route).includes('_time_intervals"');
  return {
    routing,
    destinations: (labels) =>
      destinations(routing, labels, (node) => timings.get(node) ?? onClock(DEFAULTS, speed), sends),
    text: (urlFor) => {
      const { templates: _templates, ...rest } = parse(
        drillAlertmanager(source.text, { factor: 1, urlFor }),
      ) as AlertmanagerConfig;
      return stringify(
        { ...rest, route: onDrillClock(rest.route, DEFAULTS, speed) },
        { lineWidth: 0, aliasDuplicateObjects: false },
      );
    },
    longestWaitMs: Math.max(
      ...[...timings.values()].map(({ groupWaitMs, groupIntervalMs }) => Math.max(groupWaitMs, groupIntervalMs)),
    ),
    notes: muted ? ['mute and active times of routes follow the wall clock and are left out of the drill'] : [],
  };
}

function destinations(
  { root }: Routing,
  labels: Labels,
  timingsOf: (node: RouteNode) => RouteTimings,
  sends: ReadonlyMap<string, readonly boolean[]>,
): Destination[] {
  return routesOf(root, labels).flatMap((node) => {
    const integrations = sends.get(node.receiver) ?? [];
    if (integrations.length === 0) return [];
    const names = node.groupBy.includes('...') ? Object.keys(labels).toSorted() : node.groupBy;
    const groupKey = JSON.stringify([node.line, ...names.map((name) => [name, labels[name] ?? ''])]);
    const { receiver } = node;
    return [{ receiver, sendsResolved: integrations.includes(true), groupKey, ...timingsOf(node) }];
  });
}

/** Whether each of its integrations tells of the end. */
function webhooks(receiver: object): boolean[] {
  const { webhook_configs: configs = [] } = receiver as { webhook_configs?: { send_resolved: boolean }[] };
  return configs.map(({ send_resolved }) => send_resolved);
}

function noteTimings(
  node: RouteNode,
  route: Route,
  parent: RouteTimings,
  found: { readonly timings: Map<RouteNode, RouteTimings>; readonly speed: RouteSpeed },
): void {
  const own = written(route, parent);
  found.timings.set(node, onClock(own, found.speed));
  for (const [index, child] of node.routes.entries()) {
    const text = route.routes?.[index];
    if (text !== undefined) noteTimings(child, text, own, found);
  }
}

function onDrillClock(
  { mute_time_intervals: _mute, active_time_intervals: _active, ...route }: Route & Record<string, unknown>,
  parent: RouteTimings,
  speed: RouteSpeed,
): object {
  const own = written(route, parent);
  const { groupWaitMs, groupIntervalMs, repeatIntervalMs } = onClock(own, speed);
  return {
    ...route,
    group_wait: `${groupWaitMs}ms`,
    group_interval: `${groupIntervalMs}ms`,
    repeat_interval: `${repeatIntervalMs}ms`,
    ...(route.routes === undefined
      ? {}
      : { routes: route.routes.map((child) => onDrillClock(child as Route & Record<string, unknown>, own, speed)) }),
  };
}

/** What a route says in its file, or takes over. */
function written({ group_wait, group_interval, repeat_interval }: Partial<Route>, parent: RouteTimings): RouteTimings {
  const ms = (text: unknown, otherwise: number) =>
    typeof text === 'string' ? (promqlDurationMs(text) ?? otherwise) : otherwise;
  return {
    groupWaitMs: ms(group_wait, parent.groupWaitMs),
    groupIntervalMs: ms(group_interval, parent.groupIntervalMs),
    repeatIntervalMs: ms(repeat_interval, parent.repeatIntervalMs),
  };
}

function onClock(timings: RouteTimings, { factor, least }: RouteSpeed): RouteTimings {
  const scaled = (key: keyof RouteTimings) => Math.round(Math.max(least[key], timings[key] / factor));
  return {
    groupWaitMs: timings.groupWaitMs === 0 ? 0 : scaled('groupWaitMs'),
    groupIntervalMs: scaled('groupIntervalMs'),
    repeatIntervalMs: scaled('repeatIntervalMs'),
  };
}

/** Where no Alertmanager file is given: every alert by itself, to one receiver. */
export const DEFAULT_ALERTMANAGER: SourceFile = {
  path: 'the default routes',
  text: stringify({
    route: { receiver: 'default', group_by: ['...'] },
    receivers: [{ name: 'default', webhook_configs: [{ url: 'http://127.0.0.1/' }] }],
  }),
};
