import type { Alert, Catalogue, System } from '../../thresholds/model.ts';
import { ruleGroupName } from '../../thresholds/names.ts';
import { conditionExpression } from '../conditions/expression.ts';
import type { AlertGroup, DerivedAlert } from './derived-alert.ts';
import { guidance } from './guidance.ts';

/** The alerts that the catalogue names itself, one group a system. */
export function catalogueGroups(catalogue: Catalogue): AlertGroup[] {
  return catalogue.systems.map((system) => ({
    name: ruleGroupName(system.id),
    system: system.id,
    intervalMs: null,
    recordings: [],
    alerts: system.alerts.map((alert) => derive(system, alert)),
  }));
}

function derive(system: System, alert: Alert): DerivedAlert {
  const { name, service, severity, objective, forMs, keepFiringForMs, summary, description, note } = alert;
  return {
    name,
    system: system.id,
    service,
    team: system.team,
    severity,
    objective,
    expr: conditionExpression({ system, alert }),
    forMs,
    keepFiringForMs,
    labels: {},
    summary,
    description,
    guidance: guidance(system, alert),
    note,
    drill: alert.drill,
    consequences: alert.consequences,
    source: alert,
    place: alert.place,
  };
}
