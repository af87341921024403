import type { Catalogue } from '../../thresholds/model.ts';
import { catalogueGroups } from '../alerts/catalogue-groups.ts';
import type { AlertGroup } from '../alerts/derived-alert.ts';
import { probeGroups } from '../alerts/probes/probe-groups.ts';

/** The rule groups that faults of the fleet can show in: those of the catalogue's own alerts, and those on probes. */
export function fleetGroups(catalogue: Catalogue): AlertGroup[] {
  return [...catalogueGroups(catalogue), ...probeGroups(catalogue)].filter(({ alerts }) => alerts.length > 0);
}
