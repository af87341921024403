import type { Span } from '../../../monitoring/drill/synthetic/expect.ts';
import type { DrillCaseResult } from '../../../monitoring/drill/synthetic/result.ts';
import type { AlertRow } from '../../../thresholds/verdict.ts';

/** Earliest and latest second. */
export type Seconds = readonly [number, number];

/** The course of one alert through a drill. All times are wall seconds since its fault began. */
export interface DrillTimeline {
  readonly system: string;
  readonly alert: string;
  readonly fault: string;
  /** How many times faster than real time, and what kept it from being faster; empty where that is not known. */
  readonly factor: number;
  readonly limitedBy: string;
  readonly attempts: number;
  /** From the fault to the end, had it been drilled in real time; null where it did not come that far. */
  readonly realTimeSeconds: number | null;
  readonly pending: number | null;
  readonly firing: number | null;
  readonly faultEnd: number | null;
  readonly resolved: number | null;
  readonly deliveries: readonly DeliveryMark[];
  readonly predicted: Predicted;
  /** What of the drill was left out, and why. */
  readonly limits: readonly string[];
}

/** A notification at a receiver; the first of each kind. */
export interface DeliveryMark {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly seconds: number;
}

/** What was predicted; null where nothing was. */
export interface Predicted {
  readonly pending: Seconds | null;
  readonly firing: Seconds | null;
  readonly delivered: Seconds | null;
  readonly resolved: Seconds | null;
  /** The receivers know that it is over. */
  readonly told: Seconds | null;
}

const NOTHING: Predicted = { pending: null, firing: null, delivered: null, resolved: null, told: null };

/** The course of an alert that was played synthetic series. */
export function timelineOfCase(result: DrillCaseResult, fault: string): DrillTimeline {
  const { expected, observed, system, alert, factor, limitedBy, attempts, limits } = result;
  const played = expected !== null && observed !== null;
  const since = (atMs: number | null | undefined) =>
    atMs == null || expected === null ? null : Math.round(atMs - expected.faultOnMs) / 1_000;
  const span = (given: Span | null | undefined): Seconds | null => {
    const [low, high] = [since(given?.[0]), since(given?.[1])];
    return low === null || high === null ? null : [low, high];
  };
  const over = played && observed.resolvedAtMs !== null && observed.resolvedAtMs <= expected.endMs;
  return {
    system,
    alert,
    fault,
    factor,
    limitedBy,
    attempts,
    limits,
    realTimeSeconds: played ? Math.round(result.realTimeMs / 1_000) : null,
    pending: since(observed?.pendingAtMs),
    firing: since(observed?.firingAtMs),
    faultEnd: since(expected?.faultOffMs),
    resolved: over ? since(observed.resolvedAtMs) : null,
    deliveries: firstOfEach(
      (observed?.deliveries ?? []).map(({ receiver, status, atMs }) => ({
        receiver,
        status,
        seconds: since(atMs) ?? 0,
      })),
    ),
    predicted:
      expected === null
        ? NOTHING
        : {
            pending: span(expected.pending),
            firing: span(expected.firing),
            delivered: span(expected.delivered),
            resolved: span(expected.resolved),
            told: span(expected.resolvedDelivered),
          },
  };
}

/** What a row alone says of the course of its alert. Its fault lasted until the alert was delivered. */
export function timelineOfRow(row: AlertRow): DrillTimeline {
  const { deliveredSeconds, resolvedSeconds, compression, detectedSeconds } = row;
  const faultEnd = deliveredSeconds ?? detectedSeconds;
  const resolved = faultEnd === null || resolvedSeconds === null ? null : faultEnd + resolvedSeconds;
  return {
    system: row.system,
    alert: row.alert,
    fault: row.fault,
    factor: compression,
    limitedBy: '',
    attempts: 1,
    limits: [],
    realTimeSeconds: resolved === null ? null : Math.round(resolved * compression),
    pending: row.pendingSeconds,
    firing: detectedSeconds,
    faultEnd,
    resolved,
    deliveries:
      deliveredSeconds === null
        ? []
        : row.deliveredTo.map((receiver) => ({ receiver, status: 'firing', seconds: deliveredSeconds })),
    predicted: { ...NOTHING, delivered: row.predictedSeconds },
  };
}

function firstOfEach(marks: readonly DeliveryMark[]): DeliveryMark[] {
  const first = new Map<string, DeliveryMark>();
  for (const mark of marks) {
    const key = `${mark.status} ${mark.receiver}`;
    if (mark.seconds < (first.get(key)?.seconds ?? Number.POSITIVE_INFINITY)) first.set(key, mark);
  }
  return [...first.values()];
}
