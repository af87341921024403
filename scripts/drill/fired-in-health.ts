import { drillSubject } from '../../monitoring/drill/case.ts';
import { findUnexplained } from '../../monitoring/drill/explain.ts';
import { fleetGroups } from '../../monitoring/drill/groups.ts';
import { unmeasuredRow } from '../../monitoring/drill/row.ts';
import type { Catalogue } from '../../thresholds/model.ts';
import { targetName } from '../../thresholds/names.ts';
import type { AlertRow } from '../../thresholds/verdict.ts';
import { findDisturbance } from './harness.ts';
import type { DrillSession } from './session.ts';

/** An alert that lags this far behind its cause is still explained by it. */
const CAUSE_MS = 10_000;

/**
 * Alerts that fired while no fault was on in their system: their row fails, or one is added for an alert that was not drilled. A busy
 * machine makes it inconclusive.
 */
export async function applyFiredInHealth(
  { watch, responsibilities, pair, lag, clock }: DrillSession,
  catalogue: Catalogue,
  rows: readonly AlertRow[],
): Promise<AlertRow[]> {
  const result = [...rows];
  for (const { fired, during } of findUnexplained(watch.fired(), responsibilities)) {
    if (during.length > 0) continue;
    const { firingAtMs, alert: name, system: systemId, service } = fired;
    const disturbance = await findDisturbance(pair.prometheus, lag, clock, firingAtMs - CAUSE_MS, firingAtMs);
    const outcome = disturbance === null ? 'fail' : 'inconclusive';
    const seen = `fired in health: at ${targetName(systemId, service)}, no fault was on`;
    const reason = disturbance === null ? seen : `${seen}; ${disturbance}`;
    const index = result.findIndex((row) => row.alert === name && row.system === systemId);
    const existing = result[index];
    if (existing !== undefined) {
      if (existing.outcome === 'pass') result[index] = { ...existing, outcome, reason };
      continue;
    }
    for (const group of fleetGroups(catalogue)) {
      const alert = group.alerts.find((candidate) => candidate.name === name && candidate.system === systemId);
      if (alert === undefined) continue;
      const subject = drillSubject(catalogue, group, alert, alert.source?.fault ?? null);
      result.push(unmeasuredRow(subject, clock.compression, outcome, reason));
    }
  }
  return result;
}
