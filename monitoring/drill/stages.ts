import type { DrillCase } from './case.ts';

/** What a case does at a moment: its near miss, or its fault with all that follows until it is resolved. */
export interface Stage {
  drillCase: DrillCase;
  kind: 'near miss' | 'fault';
}

/**
 * Whether two stages would disturb each other. Systems are apart by their labels. In one system a service carries one case at a time, and a
 * case waits while another one's fault could rightly fire its alert.
 */
export function conflict(a: Stage, b: Stage): boolean {
  if (a.drillCase.system.id !== b.drillCase.system.id) return false;
  return touchSameService(a.drillCase, b.drillCase) || disturbs(a, b) || disturbs(b, a);
}

function touchSameService(a: DrillCase, b: DrillCase): boolean {
  const services = new Set(touched(a));
  return touched(b).some((service) => services.has(service));
}

function touched({ fault, nearMiss }: DrillCase): string[] {
  return nearMiss === null ? [fault.service] : [fault.service, nearMiss.service];
}

/** A near miss can fire nothing; a fault fires its consequences. */
function disturbs({ drillCase, kind }: Stage, other: Stage): boolean {
  return kind === 'fault' && drillCase.alert.consequences.includes(other.drillCase.alert.name);
}
