import { describeFault } from '../../thresholds/faults.ts';
import type { Outcome } from '../../thresholds/outcome.ts';
import type { AlertRow } from '../../thresholds/verdict.ts';
import type { DrillSubject } from './case.ts';
import { faultEpisode, firstDeliveries } from './findings.ts';
import type { Evidence } from './judge.ts';

/** A row for an alert of which nothing was measured. */
export function unmeasuredRow(
  { alert, group, receivers, fault }: DrillSubject,
  compression: number,
  outcome: Outcome,
  reason: string,
): AlertRow {
  return {
    alert: alert.name,
    system: alert.system,
    group,
    severity: alert.severity,
    receiver: receivers.join(', '),
    drill: alert.drill.mode,
    fault: fault === null ? '' : describeFault(fault),
    compression,
    predictedSeconds: null,
    detectedSeconds: null,
    pendingSeconds: null,
    deliveredSeconds: null,
    deliveredTo: [],
    resolvedSeconds: null,
    nearMissSilent: null,
    outcome,
    reason,
    ...(alert.place === null ? {} : { place: `${alert.place.file}:${alert.place.line}` }),
  };
}

/** The measured times of an attempt, in wall seconds. */
export function measuredTimes(evidence: Evidence): Partial<AlertRow> {
  const { faultOn, faultOff, prediction, nearMiss } = evidence;
  const episode = faultEpisode(evidence);
  const first = firstDeliveries(evidence, 'firing');
  const since = (atMs: number | null | undefined) => (atMs == null ? null : seconds(atMs - faultOn.beforeMs));
  return {
    predictedSeconds: [seconds(prediction.deliveryMs[0]), seconds(prediction.deliveryMs[1])],
    pendingSeconds: since(episode?.pendingAtMs),
    detectedSeconds: since(episode?.firingAtMs),
    deliveredSeconds: first.size === 0 ? null : since(Math.min(...first.values())),
    deliveredTo: [...first.keys()].sort(),
    resolvedSeconds: episode === undefined ? null : seconds(episode.endedAtMs - faultOff.beforeMs),
    nearMissSilent: nearMiss === null ? null : !nearMiss.fired,
  };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1_000;
}
