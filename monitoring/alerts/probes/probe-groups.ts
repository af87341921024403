import type { Catalogue } from '../../../thresholds/model.ts';
import type { AlertGroup } from '../derived-alert.ts';

export function probeGroups(_catalogue: Catalogue): AlertGroup[] {
  return [];
}
