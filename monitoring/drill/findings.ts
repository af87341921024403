import { formatDuration } from '../../thresholds/units.ts';
import type { DrillCase } from './case.ts';
import type { Delivery, Evidence } from './judge.ts';
import { type Episode, firstFiring } from './timeline.ts';

/** Something that is not as predicted. */
export interface Finding {
  text: string;
  /** Whether a lagging harness could have caused it. */
  excusable: boolean;
}

/** Notifications are stamped on arrival, evaluations by their ideal time: this much may lie between the two clocks. */
const CLOCK_TOLERANCE_MS = 50;

/** The episode that the fault brought about. */
export function faultEpisode({ episodes, faultOn }: Pick<Evidence, 'episodes' | 'faultOn'>): Episode | undefined {
  return firstFiring(episodes, faultOn.beforeMs);
}

/** Inactive, pending, firing: that it fired, in time, and was pending for exactly as long as `for` says. */
export function judgeFiring(evidence: Evidence): Finding[] {
  const { prediction, faultOn, evaluationMs } = evidence;
  const episode = faultEpisode(evidence);
  if (episode?.firingAtMs === undefined || episode.firingAtMs === null) {
    const pending = evidence.episodes.some(({ pendingAtMs }) => pendingAtMs !== null);
    const seen = pending ? 'it was pending but never fired' : 'it never fired';
    return [excusable(`missed: ${seen}, expected within ${formatDuration(prediction.firingMs)}`)];
  }
  const heldMs = episode.pendingAtMs === null ? 0 : episode.firingAtMs - episode.pendingAtMs;
  const held = `pending for ${formatDuration(heldMs)}, ${formatDuration(prediction.holdMs)} promised`;
  if (heldMs < prediction.holdMs - evaluationMs / 2) {
    // An evaluation that did not take place left no sample of a pending alert.
    return [{ text: `early: ${held}`, excusable: evidence.missedEvaluations > 0 }];
  }
  if (heldMs > prediction.holdMs + evaluationMs / 2) return [excusable(`late: ${held}`)];
  const tookMs = episode.firingAtMs - faultOn.afterMs;
  if (tookMs <= prediction.firingMs) return [];
  return [
    excusable(`late: fired after ${formatDuration(tookMs)}, at most ${formatDuration(prediction.firingMs)} predicted`),
  ];
}

/** Delivered to exactly the receivers that the catalogue names, in time. */
export function judgeDelivery({ receivers }: DrillCase, evidence: Evidence): Finding[] {
  const { prediction, faultOn } = evidence;
  const firingAtMs = faultEpisode(evidence)?.firingAtMs ?? null;
  if (firingAtMs === null) return [];
  const first = firstDeliveries(evidence, 'firing');
  const strangers = [...first.keys()].filter((receiver) => !receivers.includes(receiver)).sort();
  const missing = receivers.filter((receiver) => !first.has(receiver));
  if (strangers.length > 0) {
    const got = [...first.keys()].sort().join(', ');
    return [{ text: `wrong receiver: delivered to ${got}, expected ${receivers.join(', ')}`, excusable: false }];
  }
  if (missing.length === receivers.length) return [excusable('missed: it fired, but no receiver was told')];
  if (missing.length > 0) return [excusable(`wrong receiver: ${missing.join(', ')} was not told`)];
  const times = receivers.map((receiver) => first.get(receiver) ?? 0);
  if (Math.min(...times) < firingAtMs + prediction.groupWaitMs - CLOCK_TOLERANCE_MS) {
    const waited = formatDuration(Math.max(0, Math.min(...times) - firingAtMs));
    return [
      {
        text: `early: delivered ${waited} after firing, group wait is ${formatDuration(prediction.groupWaitMs)}`,
        excusable: false,
      },
    ];
  }
  const slowestMs = Math.max(...times) - faultOn.afterMs;
  if (slowestMs <= prediction.deliveryMs[1]) return [];
  return [
    excusable(
      `late: delivered after ${formatDuration(slowestMs)}, at most ${formatDuration(prediction.deliveryMs[1])} predicted`,
    ),
  ];
}

/** Resolved in time once the fault was over, and every receiver told so. */
export function judgeResolution({ receivers }: DrillCase, evidence: Evidence): Finding[] {
  const { prediction, faultOff } = evidence;
  const episode = faultEpisode(evidence);
  if (episode === undefined) return [];
  // The last episode: one that flaps after the end of the fault is not resolved before its last firing sample.
  const endedAtMs = Math.max(...evidence.episodes.map((each) => each.endedAtMs));
  const tookMs = endedAtMs - faultOff.afterMs;
  if (tookMs > prediction.resolvedMs) {
    const limit = formatDuration(prediction.resolvedMs);
    return [
      excusable(`not resolved: active for ${formatDuration(tookMs)} after the fault, at most ${limit} predicted`),
    ];
  }
  const told = firstDeliveries(evidence, 'resolved');
  const untold = receivers.filter((receiver) => !told.has(receiver));
  if (untold.length > 0) return [excusable(`not resolved: ${untold.join(', ')} was not told that it is over`)];
  return [];
}

/** First notification of each receiver, Unix milliseconds. */
export function firstDeliveries(
  { deliveries }: { readonly deliveries: readonly Delivery[] },
  status: 'firing' | 'resolved',
) {
  const first = new Map<string, number>();
  for (const delivery of deliveries) {
    if (delivery.status !== status) continue;
    first.set(delivery.receiver, Math.min(delivery.atMs, first.get(delivery.receiver) ?? Number.POSITIVE_INFINITY));
  }
  return first;
}

function excusable(text: string): Finding {
  return { text, excusable: true };
}
