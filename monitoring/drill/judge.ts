import type { DrillCase } from './case.ts';
import { type Finding, judgeDelivery, judgeFiring, judgeResolution } from './findings.ts';
import type { Prediction } from './predict.ts';
import type { Episode } from './timeline.ts';

/** A moment that lies between two clock readings, Unix milliseconds: before and after the call that brought it about. */
export interface Moment {
  beforeMs: number;
  afterMs: number;
}

/** A notification of the case's alert at a receiver. */
export interface Delivery {
  receiver: string;
  status: 'firing' | 'resolved';
  atMs: number;
}

/** Everything that was seen of one attempt at a case. */
export interface Evidence {
  evaluationMs: number;
  prediction: Prediction;
  /** Null when the catalogue has no near miss. `observedMs`: how long its alert was watched. */
  nearMiss: { fired: boolean; observedMs: number } | null;
  faultOn: Moment;
  faultOff: Moment;
  /** Of the case's alert, from the fault on. */
  episodes: Episode[];
  deliveries: Delivery[];
  /** Other alerts that fired without being a consequence: `ServiceDown of system/service`. */
  unexplained: string[];
  /** What made the harness lag during the attempt; null when nothing did. */
  disturbance: string | null;
  missedEvaluations: number;
}

/** `undecided`: the harness lagged, so that a breach is no proof; worth another attempt. */
export interface DrillJudgement {
  outcome: 'pass' | 'fail' | 'undecided';
  /** Each finding as a sentence that starts with its reason: late, early, missed, wrong receiver, not resolved, ... */
  reason: string;
}

/** Judges one attempt: its own alert against the prediction, its receivers, its near miss, and whatever else fired. */
export function judgeAttempt(drillCase: DrillCase, evidence: Evidence): DrillJudgement {
  const findings: Finding[] = [
    ...judgeNearMiss(evidence),
    ...judgeFiring(evidence),
    ...judgeDelivery(drillCase, evidence),
    ...judgeResolution(drillCase, evidence),
    ...[...new Set(evidence.unexplained)].map((what) => ({
      text: `fired outside the consequences: ${what}`,
      excusable: true,
    })),
  ];
  const { disturbance, missedEvaluations } = evidence;
  const certain = findings.some(({ excusable }) => !excusable);
  const reason = findings.map(({ text }) => text).join('; ');
  if (certain) return { outcome: 'fail', reason };
  if (missedEvaluations > 0) {
    return { outcome: 'undecided', reason: withCause(`Prometheus missed ${missedEvaluations} evaluations`, reason) };
  }
  if (findings.length === 0) return { outcome: 'pass', reason: '' };
  return disturbance === null
    ? { outcome: 'fail', reason }
    : { outcome: 'undecided', reason: withCause(disturbance, reason) };
}

function judgeNearMiss({ nearMiss }: Evidence): Finding[] {
  if (nearMiss === null || !nearMiss.fired) return [];
  return [{ text: 'near miss fired: the weaker fault must stay silent', excusable: true }];
}

function withCause(cause: string, reason: string): string {
  return reason === '' ? cause : `${cause}; seen: ${reason}`;
}
