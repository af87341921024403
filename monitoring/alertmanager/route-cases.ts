import type { Catalogue, Severity } from '../../thresholds/model.ts';
import { LABEL, OPERATIONS_SYSTEM, WATCHDOG_ALERT } from '../../thresholds/names.ts';
import type { DerivedAlert } from '../alerts/derived-alert.ts';
import { defaultReceiver, groupingOfAlert, type RoutedAlert, receiversOfAlert } from './expected.ts';

/** An alert, who must be told of it, and by which labels its notifications are grouped. */
export interface RouteCase {
  name: string;
  labels: Readonly<Record<string, string>>;
  receivers: readonly string[];
  groupBy: readonly string[];
}

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

/**
 * Where every alert must go by the word of the catalogue: each derived one with its labels; one of each severity of each system, as
 * routes are there before the alerts that need them; and those that no route is for.
 */
export function routeCases(catalogue: Catalogue, alerts: readonly DerivedAlert[]): RouteCase[] {
  const systems = [...catalogue.systems.map(({ id }) => id), OPERATIONS_SYSTEM];
  const cases = [
    ...alerts.map((alert) => caseOf(catalogue, alert, `${alert.system} ${alert.name}`, alertLabels(catalogue, alert))),
    ...systems.flatMap((system) => [
      ...SEVERITIES.map((severity) => anyCase(catalogue, { system, severity })),
      anyCase(catalogue, { system, severity: 'critical', escalation: true }),
      anyCase(catalogue, { system, severity: 'warning', escalation: true }),
      // A severity that is none of ours, as other rule files have it, takes the ordinary way.
      anyCase(catalogue, { system, severity: 'page' }),
    ]),
    anyCase(catalogue, { system: 'unknown-system', severity: 'critical' }),
    {
      name: 'an alert without our labels',
      labels: { [LABEL.alertname]: 'Foreign' },
      receivers: defaultReceiver(catalogue),
      groupBy: groupingOfAlert(catalogue, { name: 'Foreign', system: '' }),
    },
    ...[OPERATIONS_SYSTEM, 'unknown-system'].map((system) => watchdogCase(catalogue, system)),
  ];
  const known = new Set<string>();
  return cases.filter(({ labels }) => {
    const key = JSON.stringify(labels);
    return !known.has(key) && known.add(key);
  });
}

/** The labels that an alert reaches Alertmanager with, as far as its rule says; the rest comes from the series. */
export function alertLabels({ environment, systems }: Catalogue, alert: DerivedAlert): Record<string, string> {
  const service = alert.service ?? systems.find(({ id }) => id === alert.system)?.services[0]?.id;
  const added = Object.entries(alert.labels).filter(([, value]) => !value.includes('{{'));
  return {
    [LABEL.alertname]: alert.name,
    [LABEL.severity]: alert.severity,
    [LABEL.system]: alert.system,
    ...(service === undefined ? {} : { [LABEL.service]: service }),
    [LABEL.environment]: environment,
    [LABEL.objective]: alert.objective,
    [LABEL.team]: alert.team,
    ...Object.fromEntries(added),
  };
}

function anyCase(
  catalogue: Catalogue,
  { system, severity, escalation = false }: { system: string; severity: string; escalation?: boolean },
): RouteCase {
  const labels = {
    [LABEL.alertname]: 'AnyAlert',
    [LABEL.severity]: severity,
    [LABEL.system]: system,
    ...(escalation ? { [LABEL.escalation]: 'true' } : {}),
  };
  const name = `any ${escalation ? 'escalated ' : ''}${severity} alert of ${system}`;
  return caseOf(catalogue, { name: 'AnyAlert', system, severity, labels }, name, labels);
}

function watchdogCase(catalogue: Catalogue, system: string): RouteCase {
  const alert = { name: WATCHDOG_ALERT, system, severity: 'info', labels: {} };
  const labels = { [LABEL.alertname]: alert.name, [LABEL.severity]: alert.severity, [LABEL.system]: system };
  return caseOf(catalogue, alert, `${system} ${WATCHDOG_ALERT}`, labels);
}

function caseOf(catalogue: Catalogue, alert: RoutedAlert, name: string, labels: RouteCase['labels']): RouteCase {
  return { name, labels, receivers: receiversOfAlert(catalogue, alert), groupBy: groupingOfAlert(catalogue, alert) };
}
