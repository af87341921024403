import { stringify } from 'yaml';
import type { Catalogue } from '../thresholds/model.ts';
import { LABEL, WATCHDOG_ALERT } from '../thresholds/names.ts';
import { DEFAULT_GROUPING, defaultReceiver } from './alertmanager/expected.ts';
import { type NamedTimeInterval, timeIntervals } from './alertmanager/mute-times.ts';
import { type Route, systemRoutes } from './alertmanager/routes.ts';
import { GENERATED, generatedYaml } from './header.ts';
import { quote } from './promql/text.ts';
import { type AlertmanagerReceiver, alertmanagerReceiver } from './receivers.ts';
import { TEMPLATE_FILE } from './templates/templates.ts';

export type { Route } from './alertmanager/routes.ts';

/** The parts of `alertmanager.yml` that firedrill writes or changes. */
export interface AlertmanagerConfig {
  templates?: string[];
  route: Route;
  inhibit_rules?: InhibitRule[];
  time_intervals?: NamedTimeInterval[];
  receivers: AlertmanagerReceiver[];
  [key: string]: unknown;
}

export interface InhibitRule {
  source_matchers: string[];
  target_matchers: string[];
  equal: string[];
}

/**
 * The critical alert of an objective says it all: its warning, and what is only for information, stay silent meanwhile. Alertmanager takes
 * labels that both alerts lack for equal, so only an alert that names system and objective may silence others. The Watchdog is never silenced: its
 * silence is an alarm.
 */
const INHIBITION: InhibitRule = {
  source_matchers: [`${LABEL.severity}="critical"`, `${LABEL.system}!=""`, `${LABEL.objective}!=""`],
  target_matchers: [`${LABEL.severity}=~"warning|info"`, `${LABEL.alertname}!=${quote(WATCHDOG_ALERT)}`],
  equal: [LABEL.system, LABEL.service, LABEL.environment, LABEL.objective],
};

/**
 * Routes, inhibition, mute times and receivers of all systems and of monitoring itself. An alert that names no known system goes to
 * {@link defaultReceiver}: nothing vanishes without a word. Null when nobody is told of anything.
 */
export function deriveAlertmanagerConfig(catalogue: Catalogue): AlertmanagerConfig | null {
  const [receiver] = defaultReceiver(catalogue);
  if (receiver === undefined) return null;
  const route: Route = {
    receiver,
    group_by: DEFAULT_GROUPING,
    group_wait: '30s',
    group_interval: '5m',
    repeat_interval: '4h',
    routes: systemRoutes(catalogue),
  };
  const all = withChildren(route);
  const used = new Set(all.flatMap((each) => each.receiver ?? []));
  const intervals = timeIntervals(
    catalogue.muteTimes,
    new Set(all.flatMap(({ mute_time_intervals = [] }) => mute_time_intervals)),
  );
  return {
    templates: [TEMPLATE_FILE],
    route,
    inhibit_rules: [INHIBITION],
    ...(intervals.length > 0 ? { time_intervals: intervals } : {}),
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

function withChildren(route: Route): Route[] {
  return [route, ...(route.routes ?? []).flatMap(withChildren)];
}
