import { stringify } from 'yaml';
import type { Catalogue, Routing, Severity, System } from '../thresholds/model.ts';
import { LABEL } from '../thresholds/names.ts';
import { formatPrometheusDuration } from '../thresholds/units.ts';
import { GENERATED, generatedYaml } from './header.ts';
import { escapeRegExp, quote } from './promql/text.ts';
import { type AlertmanagerReceiver, alertmanagerReceiver } from './receivers.ts';

/** The parts of `alertmanager.yml` that firedrill writes or changes. */
export interface AlertmanagerConfig {
  route: Route;
  inhibit_rules?: unknown[];
  receivers: AlertmanagerReceiver[];
  [key: string]: unknown;
}

export interface Route {
  receiver?: string;
  matchers?: string[];
  group_by?: string[];
  group_wait?: string;
  group_interval?: string;
  repeat_interval?: string;
  continue?: boolean;
  routes?: Route[];
  [key: string]: unknown;
}

/**
 * Routes, inhibition and receivers of all systems. An alert that names no known system goes to the first receiver of the first
 * system: nothing vanishes without a word. Null when no system routes anything.
 */
export function deriveAlertmanagerConfig(catalogue: Catalogue): AlertmanagerConfig | null {
  const systems = catalogue.systems.filter(({ routing }) => routing.receivers.length > 0);
  const receiver = systems[0]?.routing.receivers[0];
  if (receiver === undefined) return null;
  const used = new Set(
    systems.flatMap(({ routing }) => [routing.receivers, ...Object.values(routing.bySeverity)]).flat(),
  );
  return {
    route: {
      receiver,
      group_by: [LABEL.alertname, LABEL.system],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '4h',
      routes: systems.map(systemRoute),
    },
    // The critical alert of an objective says it all: its warning, and what is only for information, stay silent meanwhile.
    inhibit_rules: [
      {
        source_matchers: [`${LABEL.severity}="critical"`],
        target_matchers: [`${LABEL.severity}=~"warning|info"`],
        equal: [LABEL.system, LABEL.service, LABEL.objective],
      },
    ],
    receivers: catalogue.receivers.filter(({ name }) => used.has(name)).map(alertmanagerReceiver),
  };
}

/** The text of `alertmanager.yml`. */
export function deriveAlertmanagerText(catalogue: Catalogue): string {
  const config = deriveAlertmanagerConfig(catalogue);
  if (config !== null) return generatedYaml(config);
  return `# ${GENERATED}\n# No system of the catalogue names a receiver: alerts go nowhere.\n${stringify({
    route: { receiver: 'none' },
    receivers: [{ name: 'none' }],
  })}`;
}

/** The receivers of an alert by the catalogue, sorted: what a drill expects of the routes. */
export function expectedReceivers({ routing }: Pick<System, 'routing'>, severity: Severity): string[] {
  return [...new Set(routing.bySeverity[severity] ?? routing.receivers)].sort();
}

function systemRoute({ id, routing }: System): Route {
  const severities = Object.keys(routing.bySeverity) as Severity[];
  const others = severities.length === 0 ? [] : [`${LABEL.severity}!~${quote(severities.map(escapeRegExp).join('|'))}`];
  return {
    matchers: [`${LABEL.system}=${quote(id)}`],
    receiver: routing.receivers[0] ?? '',
    group_by: routing.groupBy,
    ...timings(routing),
    routes: [
      ...severities.flatMap((severity) => {
        return fanOut([`${LABEL.severity}=${quote(severity)}`], routing.bySeverity[severity] ?? []);
      }),
      ...(routing.receivers.length > 1 ? fanOut(others, routing.receivers) : []),
    ],
  };
}

/** One route for each receiver: all but the last go on to the next. */
function fanOut(matchers: string[], receivers: string[]): Route[] {
  return receivers.map((receiver, index) => ({
    ...(matchers.length === 0 ? {} : { matchers }),
    receiver,
    ...(index < receivers.length - 1 ? { continue: true } : {}),
  }));
}

function timings({ groupWaitMs, groupIntervalMs, repeatIntervalMs }: Routing) {
  return {
    // Alertmanager takes 0s here and nowhere else.
    group_wait: groupWaitMs === 0 ? '0s' : formatPrometheusDuration(groupWaitMs),
    group_interval: formatPrometheusDuration(groupIntervalMs),
    repeat_interval: formatPrometheusDuration(repeatIntervalMs),
  };
}
