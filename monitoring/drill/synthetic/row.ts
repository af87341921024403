import type { AlertRow } from '../../../thresholds/verdict.ts';
import { firstDeliveries } from '../findings.ts';
import type { DrillCaseResult } from './result.ts';

/** The row of a verdict for a drilled alert; times in wall seconds from the beginning of its fault. */
export function syntheticRow(result: DrillCaseResult): AlertRow {
  const { expected, observed, factor, mode } = result;
  const first = observed === null ? new Map<string, number>() : firstDeliveries(observed, 'firing');
  const since = (atMs: number | null | undefined) =>
    atMs == null || expected === null ? null : seconds(atMs - expected.faultOnMs);
  const span = expected?.delivered ?? expected?.firing ?? null;
  const ended = observed?.resolvedAtMs ?? null;
  const offMs = expected?.faultOffMs ?? null;
  return {
    alert: result.alert,
    system: result.system,
    group: result.group,
    severity: result.severity,
    receiver: (expected?.destinations ?? []).map(({ receiver }) => receiver).join(', '),
    drill: mode,
    fault: expected === null ? '' : 'synthetic series',
    compression: Number(factor.toPrecision(4)),
    predictedSeconds: span === null ? null : [since(span[0]) ?? 0, since(span[1]) ?? 0],
    detectedSeconds: since(observed?.firingAtMs),
    pendingSeconds: since(observed?.pendingAtMs),
    deliveredSeconds: first.size === 0 ? null : since(Math.min(...first.values())),
    deliveredTo: [...first.keys()].toSorted(),
    resolvedSeconds: ended === null || offMs === null || ended > (expected?.endMs ?? 0) ? null : seconds(ended - offMs),
    nearMissSilent: observed?.nearMissSilent ?? null,
    outcome: result.outcome,
    reason: result.reason,
    place: `${result.file}:${result.line}`,
  };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1_000;
}
