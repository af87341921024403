import type { Fault } from '../../thresholds/faults.ts';
import type { System } from '../../thresholds/model.ts';
import { callersOf } from '../alerts/probes/representatives.ts';
import type { DrillCase } from './case.ts';
import { movedMetrics } from './moved-metrics.ts';

/**
 * What a case does at a moment: its near miss, its fault with all that follows until its alert is inactive, or the wait until its receivers are
 * told of that.
 */
export interface Stage {
  drillCase: DrillCase;
  kind: 'near miss' | 'fault' | 'over';
}

/**
 * Whether two stages would disturb each other. Systems are apart by their labels. In one system a service carries one case at a time,
 * unless their faults move different metrics, and a case waits while another one's fault could rightly fire its alert.
 */
export function conflict(a: Stage, b: Stage): boolean {
  if (a.drillCase.system.id !== b.drillCase.system.id) return false;
  // Whoever fires the same alert of the same service anew would be told as one with what was.
  if (isSameAlert(a.drillCase, b.drillCase)) return true;
  if (a.kind === 'over' || b.kind === 'over') return false;
  return touchSameService(a.drillCase, b.drillCase) || disturbs(a, b) || disturbs(b, a);
}

function isSameAlert(a: DrillCase, b: DrillCase): boolean {
  return a.alert.name === b.alert.name && a.service === b.service;
}

function touchSameService(a: DrillCase, b: DrillCase): boolean {
  return faults(a).some((one) => faults(b).some((other) => overlap(a.system, one, other)));
}

function faults({ fault, nearMiss }: DrillCase): Fault[] {
  return nearMiss === null ? [fault] : [fault, nearMiss];
}

/** Whether two faults of a system move the same metric of one service. */
function overlap({ services }: System, one: Fault, other: Fault): boolean {
  const service = services.find(({ id }) => id === one.service);
  if (one.service !== other.service || service === undefined) return one.service === other.service;
  const [moved, alsoMoved] = [movedMetrics(service, one), movedMetrics(service, other)];
  return moved === null || alsoMoved === null || [...moved].some((name) => alsoMoved.has(name));
}

/** A near miss can fire nothing; a fault fires its consequences, and sends those who call the service to the next one. */
function disturbs({ drillCase, kind }: Stage, { drillCase: other }: Stage): boolean {
  if (kind !== 'fault') return false;
  return drillCase.alert.consequences.includes(other.alert.name) || leansOn(drillCase, other.fault.service);
}

/** Whether the alert watches a caller of its faulty service, which then waits for `next` before it tells of the failed call. */
function leansOn({ system, service, fault }: DrillCase, next: string): boolean {
  return callersOf(system, next, fault.service).includes(service);
}
