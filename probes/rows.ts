import { CARD } from '../thresholds/card.ts';
import { judgeShares } from '../thresholds/judge/share.ts';
import { formatCount, formatShare, parseShare } from '../thresholds/units.ts';
import type { ProbeRow } from '../thresholds/verdict.ts';
import { explain, OWN_REASONS, type ProbeResult } from './result.ts';
import { type ProbeTally, sortedDurations } from './tally.ts';

/** Share of successful runs that the card promises. */
const PROMISED_SUCCESS = parseShare(CARD.objectives.success);
/** Fewer judged runs are no evidence. */
const MIN_JUDGED = 3;
/** Failures in a row at the end that confirm that a target is down. */
const CONFIRMING_FAILURES = 2;
/** More unknown runs than this share spoil the judgement. */
const MAX_UNKNOWN_SHARE = 0.1;
/** Fewer successes have no 95th percentile: it would be the maximum under another name. */
const MIN_FOR_P95 = 20;

/**
 * Judges all targets of a run together. `pass`: no failure in at least three judged runs, or so few in so many that 99 % holds. `fail`:
 * down at the end (two failures in a row), or failures significant against 99 %. A lone failure, too few judged runs or over 10 %
 * unknown ones are `inconclusive`.
 */
export function probeRows(tallies: readonly ProbeTally[]): ProbeRow[] {
  const shares = judgeShares(
    tallies.map((tally) => ({
      kind: 'success' as const,
      targetShare: PROMISED_SUCCESS,
      samples: tally.runs - tally.unknown,
      bad: tally.failures,
    })),
  );
  return tallies.map((tally, index) => ({
    target: tally.target,
    kind: tally.kind,
    runs: tally.runs,
    failures: tally.failures,
    unknown: tally.unknown,
    p95Seconds: p95Seconds(tally),
    ...judge(tally, shares[index]?.outcome ?? 'inconclusive'),
  }));
}

function judge(tally: ProbeTally, share: ProbeRow['outcome']): Pick<ProbeRow, 'outcome' | 'reason'> {
  const { runs, failures, unknown, failuresInARow } = tally;
  const judged = runs - unknown;
  const failed = `${formatCount(failures)} of ${formatCount(judged)} runs failed${evidence(tally, tally.lastFailure)}`;
  if (runs === 0) return { outcome: 'inconclusive', reason: tally.leftOut === 0 ? 'never ran' : plannedOnly(tally) };
  if (unknown / runs > MAX_UNKNOWN_SHARE) {
    const seen = `${formatCount(unknown)} of ${formatCount(runs)} runs could not be judged`;
    return {
      outcome: 'inconclusive',
      reason: `${seen}, at most ${formatShare(MAX_UNKNOWN_SHARE)} allowed${evidence(tally, tally.lastUnknown)}`,
    };
  }
  if (failuresInARow >= CONFIRMING_FAILURES) {
    return { outcome: 'fail', reason: failures === judged ? failed : `down at the end: ${failed}` };
  }
  if (judged < MIN_JUDGED) {
    const few = `${judged} judged ${judged === 1 ? 'run' : 'runs'}, ${MIN_JUDGED} needed to tell`;
    return { outcome: 'inconclusive', reason: failures === 0 ? few : `${few}; ${failed}` };
  }
  if (failures === 0 || share === 'pass') return { outcome: 'pass', reason: '' };
  if (failures === 1) return { outcome: 'inconclusive', reason: `${failed}; one alone proves nothing` };
  if (share === 'fail')
    return { outcome: 'fail', reason: `${failed}, at most ${formatShare(1 - PROMISED_SUCCESS)} allowed` };
  return { outcome: 'inconclusive', reason: `${failed}: too few to tell from chance` };
}

function plannedOnly({ leftOut }: ProbeTally): string {
  return `in maintenance throughout: ${formatCount(leftOut)} ${leftOut === 1 ? 'run does' : 'runs do'} not count`;
}

/** The most frequent reason of the failed, or of the unknown runs, and what was seen the last time. */
function evidence({ reasons }: ProbeTally, last: ProbeResult | null): string {
  if (last === null) return '';
  const own = last.outcome === 'unknown';
  const counted = [...reasons].filter(([reason]) => OWN_REASONS.has(reason) === own).sort(([, a], [, b]) => b - a);
  const [reason, count] = counted[0] ?? [last.reason, 1];
  const total = counted.reduce((sum, [, each]) => sum + each, 0);
  return `, ${count < total ? `${reason} ${formatCount(count)} times: ${last.detail}` : explain(last)}`;
}

function p95Seconds(tally: ProbeTally): number | null {
  const durations = sortedDurations(tally);
  if (durations.length < MIN_FOR_P95) return null;
  return durations[Math.ceil(durations.length * 0.95) - 1] ?? null;
}
