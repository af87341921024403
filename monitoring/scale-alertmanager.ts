import { parse } from 'yaml';
import type { AlertmanagerConfig, Route } from './alertmanager-config.ts';
import { generatedYaml } from './header.ts';
import { scaledDurations } from './scale-rules.ts';

/** Alertmanager's own defaults: a scaled file must name them, scaled. */
const DEFAULT_TIMINGS = { group_wait: '30s', group_interval: '5m', repeat_interval: '4h' };

export interface DrillAlertmanagerOptions {
  factor: number;
  /** The webhook that stands in for a receiver. */
  urlFor: (receiver: string) => string;
  /** True: mute and active times hold by the clock on the wall. By default no time mutes anything, so that a drill says the same on a Sunday. */
  keepTimes?: boolean;
}

/**
 * `alertmanager.yml` for a drill: timings divided by the factor, and each receiver one webhook on a path of its own. Route tree,
 * matchers, `continue`, grouping and inhibition stay as they are, and each receiver keeps its `send_resolved`. Times of the clock cannot be
 * scaled: routes lose theirs unless `keepTimes`.
 */
export function drillAlertmanager(
  text: string,
  { factor, urlFor, keepTimes = false }: DrillAlertmanagerOptions,
): string {
  const config = parse(text) as AlertmanagerConfig;
  return generatedYaml({
    ...config,
    // Settings of real receivers (mail hosts, secret files) have no use here, and their files need not exist.
    global: {},
    route: scaleRoute({ ...DEFAULT_TIMINGS, ...(keepTimes ? config.route : timeless(config.route)) }, factor),
    receivers: config.receivers.map(({ name, ...integrations }) => ({
      name,
      webhook_configs: Object.entries(integrations).flatMap(([type, entries]) =>
        (Array.isArray(entries) ? entries : []).map((entry) => ({
          url: urlFor(name),
          send_resolved: sendsResolved(type, entry),
        })),
      ),
    })),
  });
}

/** A route that no time mutes. */
function timeless({ mute_time_intervals: _, active_time_intervals: __, ...route }: Route): Route {
  return route.routes === undefined ? route : { ...route, routes: route.routes.map(timeless) };
}

function scaleRoute(route: Route, factor: number): Route {
  const { group_wait, group_interval, repeat_interval, routes, ...rest } = route;
  return {
    ...rest,
    ...scaledDurations({ group_wait, group_interval, repeat_interval }, factor),
    ...(routes === undefined ? {} : { routes: routes.map((child) => scaleRoute(child, factor)) }),
  };
}

/** Integrations that stay silent on a resolved alert unless told otherwise. */
const SILENT_WHEN_RESOLVED = new Set(['slack_configs', 'email_configs', 'wechat_configs', 'rocketchat_configs']);

function sendsResolved(type: string, entry: { send_resolved?: boolean }): boolean {
  return entry.send_resolved ?? !SILENT_WHEN_RESOLVED.has(type);
}
