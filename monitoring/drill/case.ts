import type { Fault } from '../../thresholds/faults.ts';
import type { Alert, Catalogue, System } from '../../thresholds/model.ts';
import { targetName } from '../../thresholds/names.ts';
import { receiversOfAlert } from '../alertmanager/expected.ts';
import type { AlertGroup, DerivedAlert } from '../alerts/derived-alert.ts';
import { probeRepresentatives } from '../alerts/probes/representatives.ts';
import { fleetGroups } from './groups.ts';
import type { Sight } from './sight.ts';

/** An alert with its place in the files and its receivers. */
export interface DrillSubject {
  alert: DerivedAlert;
  /** Its rule group. */
  group: string;
  /** Receivers that the catalogue routes it to, sorted. */
  receivers: string[];
  /** Null where the catalogue names none. */
  fault: Fault | null;
}

/** One alert that is to be carried from fault to receiver and back. */
export interface DrillCase extends DrillSubject {
  /** Unique: `<system>/<alert>`, and the kind of fault where a probe sees it, since one alert then tells of many. */
  id: string;
  system: System;
  fault: Fault;
  nearMiss: Fault | null;
  /** The service in the labels of the alert that the fault must fire. */
  service: string;
  sight: Sight;
}

/** An alert that is not drilled by the catalogue's own word. */
export interface NotDrilled {
  system: string;
  alert: string;
  mode: Alert['drill']['mode'];
  reason: string;
}

/** An alert that should be drilled and cannot be, and why. */
export interface Undrillable extends DrillSubject {
  reason: string;
}

export interface DrillPlan {
  cases: DrillCase[];
  notDrilled: NotDrilled[];
  undrillable: Undrillable[];
}

/** A fault that an alert must tell of, and how it is seen. */
interface Cause extends Pick<DrillCase, 'fault' | 'nearMiss' | 'service' | 'sight'> {
  id: string;
  consequences: readonly string[];
}

/**
 * Sorts the alerts with a fault into what can be drilled on the simulated fleet, what need not, and what cannot. Faults that only probes see
 * are taken once each, where the catalogue has a service for them.
 */
export function planDrill(catalogue: Catalogue): DrillPlan {
  const plan: DrillPlan = { cases: [], notDrilled: [], undrillable: [] };
  const probed = probeRepresentatives(catalogue);
  for (const group of fleetGroups(catalogue)) {
    const system = catalogue.systems.find(({ id }) => id === group.system);
    if (system === undefined) continue;
    for (const alert of group.alerts) {
      const { mode, reason } = alert.drill;
      if (mode !== 'full') {
        plan.notDrilled.push({ system: system.id, alert: alert.name, mode, reason });
        continue;
      }
      // Without a fault it is for the synthetic drill, which needs none.
      for (const cause of [...ownCause(alert), ...probedCauses(alert, probed)]) {
        const subject = drillSubject(catalogue, group, alert, cause.fault);
        const obstacle = findObstacle(system, subject, cause);
        if (obstacle !== null) plan.undrillable.push({ ...subject, reason: obstacle });
        else plan.cases.push(drillCase(system, subject, cause));
      }
    }
  }
  return plan;
}

/** An alert as a row of a verdict names it. */
export function drillSubject(
  catalogue: Catalogue,
  { name: group }: Pick<AlertGroup, 'name'>,
  alert: DerivedAlert,
  fault: Fault | null,
): DrillSubject {
  return { alert, group, fault, receivers: receiversOfAlert(catalogue, alert) };
}

function ownCause({ source, system, name }: DerivedAlert): Cause[] {
  if (source === null || source.fault === null) return [];
  const { fault, nearMiss, condition } = source;
  const service = source.service ?? fault.service;
  return [{ id: `${system}/${name}`, fault, nearMiss, service, consequences: [], sight: { by: 'scrapes', condition } }];
}

function probedCauses({ system, name }: DerivedAlert, all: ReturnType<typeof probeRepresentatives>): Cause[] {
  return all
    .filter((one) => one.system === system && one.alert === name)
    .map(({ fault, nearMiss, consequences, probed: { target, spec }, confirmed }) => ({
      id: `${system}/${name} ${fault.kind}`,
      fault,
      nearMiss,
      service: fault.service,
      consequences,
      sight: { by: 'probe', target, spec, confirmed },
    }));
}

function drillCase(system: System, subject: DrillSubject, { consequences, ...cause }: Cause): DrillCase {
  const alert = { ...subject.alert, consequences: [...subject.alert.consequences, ...consequences] };
  return { ...subject, ...cause, alert, system };
}

function findObstacle(system: System, { receivers }: DrillSubject, { fault, nearMiss }: Cause): string | null {
  for (const { service } of [fault, ...(nearMiss === null ? [] : [nearMiss])]) {
    const address = system.services.find(({ id }) => id === service)?.address;
    if (address === undefined)
      return `its fault is at ${targetName(system.id, service)}, which the catalogue does not have`;
    if (address.kind === 'url') {
      return `its fault is at ${targetName(system.id, service)}, a real service: faults are only switched on simulated ones`;
    }
  }
  if (receivers.length === 0) return 'the catalogue routes it to no receiver';
  return null;
}
