import type { Catalogue } from '../../../thresholds/model.ts';
import type { AlertGroup } from '../derived-alert.ts';
import { metricAbsent, scraped } from './metric-absent.ts';
import { neededMetrics } from './needed.ts';
import { probeResultsAbsent, targetMissing } from './series-absent.ts';

/**
 * What alerts need and may vanish: missing data must not look like health. One alert for each metric of a system that other groups read,
 * one for its targets and one for its probes. Those on whole series that are away stand apart: no label isolates `absent`.
 */
export function absentGroups(catalogue: Catalogue, groups: readonly AlertGroup[]): AlertGroup[] {
  return catalogue.systems.flatMap((system) => {
    const own = groups.filter((group) => group.system === system.id);
    const targets = scraped(system);
    const common = { system: system.id, intervalMs: null, recordings: [] };
    return [
      {
        ...common,
        name: `firedrill-${system.id}-metrics`,
        alerts: neededMetrics(system, own).flatMap((needed) => metricAbsent(system, needed) ?? []),
      },
      {
        ...common,
        name: `firedrill-${system.id}-absent`,
        alerts: [
          ...(targets.length === 0 ? [] : [targetMissing(system, targets, catalogue)]),
          ...(system.services.length === 0 ? [] : [probeResultsAbsent(system, catalogue)]),
        ],
      },
    ];
  });
}
