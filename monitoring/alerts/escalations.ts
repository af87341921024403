import type { Catalogue, Routing } from '../../thresholds/model.ts';
import { LABEL, OPERATIONS_SYSTEM } from '../../thresholds/names.ts';
import { formatPrometheusDuration } from '../../thresholds/units.ts';
import { quote, selector } from '../promql/text.ts';
import type { AlertGroup, DerivedAlert } from './derived-alert.ts';

/** So long a critical alert may stay with those who were told first. */
const ESCALATE_AFTER_MS = 30 * 60_000;

/**
 * Adds to each group, for each of its critical alerts whose routing names receivers for it, one that fires when the alert stays on: Alertmanager
 * knows no escalation. In the group of the alert, so that both run on one clock.
 */
export function withEscalations(catalogue: Catalogue, groups: readonly AlertGroup[]): AlertGroup[] {
  const routings = new Map<string, Routing>(catalogue.systems.map(({ id, routing }) => [id, routing]));
  const { routing } = catalogue.operations;
  routings.set(OPERATIONS_SYSTEM, routing);
  const escalates = (system: string) =>
    [routings.get(system), routing].some((one) => (one?.escalation.length ?? 0) > 0);
  return groups.map((group) => {
    if (!escalates(group.system)) return group;
    const critical = group.alerts.filter(({ severity, drill }) => severity === 'critical' && drill.mode === 'full');
    return { ...group, alerts: [...group.alerts, ...critical.map(escalation)] };
  });
}

function escalation(alert: DerivedAlert): DerivedAlert {
  const after = formatPrometheusDuration(ESCALATE_AFTER_MS);
  const firing = [
    `${LABEL.alertname}=${quote(alert.name)}`,
    'alertstate="firing"',
    `${LABEL.severity}=${quote(alert.severity)}`,
    `${LABEL.system}=${quote(alert.system)}`,
  ];
  return {
    ...alert,
    name: `${alert.name}Escalated`,
    // Without the state, which would say "firing" for ever; the name is that of this alert.
    expr: `max without (alertstate, ${LABEL.alertname}) (${selector('ALERTS', firing)}) == 1`,
    forMs: ESCALATE_AFTER_MS,
    keepFiringForMs: 0,
    labels: { ...alert.labels, [LABEL.escalation]: 'true' },
    summary: `${alert.name} of {{ $labels.system }}{{ with $labels.service }}/{{ . }}{{ end }} is not mended after ${after}`,
    description: `The critical alert ${alert.name} has been on for over ${after} ({{ $value }} means: it still is). Whoever was told first needs help.`,
    guidance: {
      ...alert.guidance,
      meaning: `${alert.name} has been on for ${after} without a break. ${alert.guidance.meaning}`,
      checks: [`Has anybody taken ${alert.name} on, and what was found so far?`, ...alert.guidance.checks],
    },
    note: null,
    source: null,
    consequences: [alert.name],
  };
}
