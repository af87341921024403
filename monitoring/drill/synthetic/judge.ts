import { formatDuration } from '../../../thresholds/units.ts';
import type { Finding } from '../findings.ts';
import type { DrillJudgement } from '../judge.ts';
import type { SyntheticCase } from './case.ts';
import type { Expectation, Span } from './expect.ts';
import { judgeDelivery, judgeEnd } from './judge-delivery.ts';
import type { ObservedCase } from './result.ts';

/** What made the drill itself unreliable; both empty in a calm run. */
export interface Disturbance {
  /** Evaluations that Prometheus left out in the group of the alert. */
  readonly missedEvaluations: number;
  /** Anything else, as a sentence. */
  readonly reason: string | null;
}

/** Judges one attempt at a case: its alert, its receivers, its near miss and health, and whatever else fired. */
export function judgeCase(
  each: SyntheticCase,
  expected: Expectation,
  seen: ObservedCase,
  { missedEvaluations, reason: disturbed }: Disturbance,
): DrillJudgement {
  const findings = [
    ...judgeSilence(seen),
    ...judgeFiring(each, expected, seen),
    ...(each.mode === 'firing' ? [] : [...judgeDelivery(expected, seen), ...judgeEnd(expected, seen)]),
    ...judgeOthers(seen),
  ];
  const reason = findings.map(({ text }) => text).join('; ');
  const because = (cause: string) => (reason === '' ? cause : `${cause}; seen: ${reason}`);
  if (findings.some(({ excusable }) => !excusable)) return { outcome: 'fail', reason };
  if (missedEvaluations > 0) {
    return { outcome: 'undecided', reason: because(`Prometheus missed ${missedEvaluations} evaluations`) };
  }
  if (findings.length === 0) return { outcome: 'pass', reason: '' };
  if (seen.groupSinceMs != null)
    return { outcome: 'undecided', reason: because('it shared a notification with other alerts') };
  return disturbed === null ? { outcome: 'fail', reason } : { outcome: 'undecided', reason: because(disturbed) };
}

function judgeSilence({ nearMissSilent }: ObservedCase): Finding[] {
  const findings: Finding[] = [];
  if (nearMissSilent === false) findings.push(certain('near miss fired: the weaker fault must stay silent'));
  return findings;
}

function judgeFiring({ prediction }: SyntheticCase, expected: Expectation, seen: ObservedCase): Finding[] {
  const { firing, pending, holdMs, faultOnMs } = expected;
  const { pendingAtMs, firingAtMs, healthySilent } = seen;
  if (firingAtMs === null) {
    const what = pendingAtMs === null ? 'it never fired' : 'it was pending but never fired';
    return [excusable(`missed: ${what}, expected ${after(faultOnMs, firing)}`)];
  }
  if (healthySilent === false)
    return [certain(`fired in health: ${formatDuration(faultOnMs - firingAtMs)} before its fault`)];
  if (pending !== null && prediction.steady) {
    const held = pendingAtMs === null ? 0 : firingAtMs - pendingAtMs;
    const promised = `pending for ${formatDuration(held)}, ${formatDuration(middle(holdMs))} promised`;
    if (held < holdMs[0]) return [certain(`early: ${promised}`)];
    if (held > holdMs[1]) return [excusable(`late: ${promised}`)];
  }
  const fired = `fired ${formatDuration(firingAtMs - faultOnMs)} after its fault, expected ${after(faultOnMs, firing)}`;
  if (firingAtMs < firing[0]) return [certain(`early: ${fired}`)];
  return firingAtMs > firing[1] ? [excusable(`late: ${fired}`)] : [];
}

function judgeOthers({ others }: ObservedCase): Finding[] {
  const strangers = [...new Set(others.filter(({ expected }) => !expected).map(({ alert }) => alert))];
  return strangers.map((alert) => excusable(`fired outside the consequences: ${alert}`));
}

function after(fromMs: number, [low, high]: Span): string {
  return `between ${formatDuration(Math.max(0, low - fromMs))} and ${formatDuration(high - fromMs)}`;
}

function middle([low, high]: Span): number {
  return Math.max(0, (low + high) / 2);
}

function excusable(text: string): Finding {
  return { text, excusable: true };
}

function certain(text: string): Finding {
  return { text, excusable: false };
}
