import type { Catalogue, Operations, Routing, Severity } from '../../thresholds/model.ts';
import { LABEL, OPERATIONS_SYSTEM, WATCHDOG_ALERT } from '../../thresholds/names.ts';
import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { quote } from '../promql/text.ts';

/** A route as Alertmanager takes it. */
export interface Route {
  receiver?: string;
  matchers?: string[];
  group_by?: string[];
  group_wait?: string;
  group_interval?: string;
  repeat_interval?: string;
  mute_time_intervals?: string[];
  continue?: boolean;
  routes?: Route[];
  [key: string]: unknown;
}

/** What is for information alone is not told again before a day is over. */
const INFO_REPEAT_MS = 24 * 3_600_000;

/** The routes below the top one: the Watchdog, each system that has receivers, and monitoring itself. */
export function systemRoutes({ systems, operations }: Catalogue): Route[] {
  const routed = [...systems, { id: OPERATIONS_SYSTEM, routing: operations.routing }];
  return [
    ...watchdogRoute(operations),
    ...routed
      .filter(({ routing }) => routing.receivers.length > 0)
      .map(({ id, routing }) => systemRoute(id, routing, operations)),
  ];
}

function watchdogRoute({ watchdog }: Operations): Route[] {
  if (watchdog === null) return [];
  return [
    {
      matchers: [`${LABEL.alertname}=${quote(WATCHDOG_ALERT)}`, `${LABEL.system}=${quote(OPERATIONS_SYSTEM)}`],
      receiver: watchdog.receiver,
      group_by: [LABEL.alertname],
      group_wait: '0s',
      group_interval: formatPrometheusDuration(watchdog.everyMs),
      // Under the interval: Alertmanager sends again at the first interval that ends after the repetition is due.
      repeat_interval: formatPrometheusDuration(Math.ceil(watchdog.everyMs / 2)),
    },
  ];
}

function systemRoute(id: string, routing: Routing, operations: Operations): Route {
  const { receivers, bySeverity, muteTimes } = routing;
  const own = (['critical', 'warning', 'info'] as const).filter((severity) => {
    return bySeverity[severity] !== undefined || muteTimes[severity] !== undefined;
  });
  const escalation = escalationReceivers(routing, operations);
  const routes = [
    ...(escalation === null ? [] : fanOut([`${LABEL.escalation}="true"`], escalation, {})),
    ...own.flatMap((severity) => severityRoutes(severity, routing)),
    ...(receivers.length > 1 ? fanOut([], receivers, {}) : []),
  ];
  return {
    matchers: [`${LABEL.system}=${quote(id)}`],
    receiver: receivers[0] ?? '',
    group_by: routing.groupBy,
    // Alertmanager takes 0s here and nowhere else.
    group_wait: routing.groupWaitMs === 0 ? '0s' : formatPrometheusDuration(routing.groupWaitMs),
    group_interval: formatPrometheusDuration(routing.groupIntervalMs),
    repeat_interval: formatPrometheusDuration(routing.repeatIntervalMs),
    ...(routes.length > 0 ? { routes } : {}),
  };
}

/** Receivers of a system's escalated alerts; null: they go where its critical ones go. */
function escalationReceivers({ escalation }: Routing, { routing: operations }: Operations): string[] | null {
  const named = escalation.length > 0 ? escalation : operations.escalation;
  return named.length > 0 ? named : null;
}

function severityRoutes(severity: Severity, { receivers, bySeverity, muteTimes, repeatIntervalMs }: Routing): Route[] {
  const muted = muteTimes[severity];
  const longer = severity === 'info' && bySeverity.info !== undefined && repeatIntervalMs < INFO_REPEAT_MS;
  return fanOut([`${LABEL.severity}=${quote(severity)}`], bySeverity[severity] ?? receivers, {
    ...(longer ? { repeat_interval: formatPrometheusDuration(INFO_REPEAT_MS) } : {}),
    ...(muted === undefined ? {} : { mute_time_intervals: muted }),
  });
}

/** One route for each receiver: all but the last go on to the next. */
function fanOut(matchers: string[], receivers: readonly string[], settings: Route): Route[] {
  const once = [...new Set(receivers)];
  return once.map((receiver, index) => ({
    ...(matchers.length === 0 ? {} : { matchers }),
    receiver,
    ...settings,
    ...(index < once.length - 1 ? { continue: true } : {}),
  }));
}
