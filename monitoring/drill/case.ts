import type { Fault } from '../../thresholds/faults.ts';
import type { Alert, Catalogue, System } from '../../thresholds/model.ts';
import { ruleGroupName, targetName } from '../../thresholds/names.ts';
import { expectedReceivers } from '../alertmanager-config.ts';

/** One alert that is to be carried from fault to receiver and back. */
export interface DrillCase {
  /** Unique: `<system>/<alert>`. */
  id: string;
  system: System;
  alert: Alert;
  fault: Fault;
  nearMiss: Fault | null;
  /** The service in the labels of the alert that the fault must fire. */
  service: string;
  /** Receivers that the catalogue routes it to, sorted. */
  receivers: string[];
  group: string;
}

/** An alert that is not drilled by the catalogue's own word. */
export interface NotDrilled {
  system: string;
  alert: string;
  mode: Alert['drill']['mode'];
  reason: string;
}

/** An alert that should be drilled and cannot be, and why. */
export interface Undrillable {
  system: System;
  alert: Alert;
  reason: string;
}

export interface DrillPlan {
  cases: DrillCase[];
  notDrilled: NotDrilled[];
  undrillable: Undrillable[];
}

/** Sorts the alerts with a fault into what can be drilled on the simulated fleet, what need not, and what cannot. */
export function planDrill(catalogue: Catalogue): DrillPlan {
  const plan: DrillPlan = { cases: [], notDrilled: [], undrillable: [] };
  for (const system of catalogue.systems) {
    for (const alert of system.alerts) {
      const { mode, reason } = alert.drill;
      if (mode !== 'full') {
        plan.notDrilled.push({ system: system.id, alert: alert.name, mode, reason });
        continue;
      }
      // Without a fault it is for the synthetic drill, which needs none.
      if (alert.fault === null) continue;
      const obstacle = findObstacle(system, alert, alert.fault);
      if (obstacle !== null) plan.undrillable.push({ system, alert, reason: obstacle });
      else plan.cases.push(drillCase(system, alert, alert.fault));
    }
  }
  return plan;
}

function drillCase(system: System, alert: Alert, fault: Fault): DrillCase {
  return {
    id: `${system.id}/${alert.name}`,
    system,
    alert,
    fault,
    nearMiss: alert.nearMiss,
    service: alert.service ?? fault.service,
    receivers: expectedReceivers(system, alert.severity),
    group: ruleGroupName(system.id),
  };
}

function findObstacle(system: System, { nearMiss, severity }: Alert, fault: Fault): string | null {
  for (const { service } of [fault, ...(nearMiss === null ? [] : [nearMiss])]) {
    const address = system.services.find(({ id }) => id === service)?.address;
    if (address === undefined)
      return `its fault is at ${targetName(system.id, service)}, which the catalogue does not have`;
    if (address.kind === 'url') {
      return `its fault is at ${targetName(system.id, service)}, a real service: faults are only switched on simulated ones`;
    }
  }
  if (expectedReceivers(system, severity).length === 0) return 'the catalogue routes it to no receiver';
  return null;
}
