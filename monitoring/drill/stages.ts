import { APART, type Fault } from '../../thresholds/faults.ts';
import type { DrillCase } from './case.ts';

/** What a case does at a moment: its near miss, or its fault with all that follows until it is resolved. */
export interface Stage {
  drillCase: DrillCase;
  kind: 'near miss' | 'fault';
}

/**
 * Whether two stages would disturb each other. Systems are apart by their labels. In one system a service carries one case at a time,
 * unless their faults move different metrics, and a case waits while another one's fault could rightly fire its alert.
 */
export function conflict(a: Stage, b: Stage): boolean {
  if (a.drillCase.system.id !== b.drillCase.system.id) return false;
  return touchSameService(a.drillCase, b.drillCase) || disturbs(a, b) || disturbs(b, a);
}

function touchSameService(a: DrillCase, b: DrillCase): boolean {
  return faults(a).some((one) =>
    faults(b).some((other) => {
      if (one.service !== other.service) return false;
      return one.kind === other.kind || !APART.has(one.kind) || !APART.has(other.kind);
    }),
  );
}

function faults({ fault, nearMiss }: DrillCase): Fault[] {
  return nearMiss === null ? [fault] : [fault, nearMiss];
}

/** A near miss can fire nothing; a fault fires its consequences. */
function disturbs({ drillCase, kind }: Stage, other: Stage): boolean {
  return kind === 'fault' && drillCase.alert.consequences.includes(other.drillCase.alert.name);
}
