import type { Fault } from '../../thresholds/faults.ts';
import type { System } from '../../thresholds/model.ts';
import { callersOf } from '../alerts/probes/representatives.ts';
import type { DrillCase } from './case.ts';
import { mayFire } from './explain.ts';
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
  if (a.kind === 'over') return firesAnew(b, a.drillCase);
  if (b.kind === 'over') return firesAnew(a, b.drillCase);
  return touchSameService(a.drillCase, b.drillCase) || disturbs(a, b) || disturbs(b, a);
}

/** Whether a stage fires an alert of which receivers are just being told that it is over: it would be told as one with what was. */
function firesAnew({ drillCase, kind }: Stage, { alert, service }: DrillCase): boolean {
  return kind === 'over' ? false : mayFire(drillCase, kind, { alert: alert.name, service });
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
  return drillCase.alert.consequences.includes(other.alert.name) || leansOn(drillCase, other);
}

/**
 * Whether a caller of the faulty service turns to that of the other case, and tells of the failed call only when that one has answered. No
 * matter where the other case fires all of the same.
 */
function leansOn({ system, service, fault, alert }: DrillCase, other: DrillCase): boolean {
  if (callersOf(system, other.fault.service, fault.service).length === 0) return false;
  const own = service === fault.service ? [] : [alert.name];
  return [...own, ...alert.consequences].some((name) => !other.alert.consequences.includes(name));
}
