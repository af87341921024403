import type { ProbeReason, ProbeResult } from './result.ts';

/** Latest durations kept for the percentile of a run that ends in a verdict: 2 kB a target. */
export const DURATIONS_OF_A_VERDICT = 512;

/** What is remembered of the runs of one target, in bounded memory. */
export interface ProbeTally {
  readonly target: string;
  /** A reload may change it. */
  kind: string;
  /** Judged and unknown ones that count: due at their time, and outside planned windows. */
  runs: number;
  /** Those that do not count. */
  leftOut: number;
  failures: number;
  unknown: number;
  /** Failed judged runs in a row up to now. */
  failuresInARow: number;
  /** Failures and unknown runs by their exact reason. */
  reasons: Map<ProbeReason, number>;
  /** Seconds of the latest successes, in no order. */
  durations: Float32Array;
  /** How many of them are kept; 0 in a prober that runs on. */
  readonly keptDurations: number;
  last: ProbeResult | null;
  /** What to show to a person. */
  lastFailure: ProbeResult | null;
  lastUnknown: ProbeResult | null;
}

/** A tally without runs. */
export function emptyTally(target: string, kind: string, keptDurations: number = DURATIONS_OF_A_VERDICT): ProbeTally {
  return {
    target,
    kind,
    runs: 0,
    leftOut: 0,
    failures: 0,
    unknown: 0,
    failuresInARow: 0,
    reasons: NO_REASONS,
    durations: NO_DURATIONS,
    keptDurations,
    last: null,
    lastFailure: null,
    lastUnknown: null,
  };
}

// Shared by all tallies that need none of their own yet: most targets never fail.
const NO_REASONS: Map<ProbeReason, number> = new Map();
const NO_DURATIONS = new Float32Array(0);

/** Adds one run; one that does not count leaves only a trace for people. */
export function addToTally(tally: ProbeTally, result: ProbeResult, counts = true): void {
  tally.last = result;
  if (!counts) {
    tally.leftOut += 1;
    if (result.outcome === 'failure') tally.lastFailure = result;
    if (result.outcome === 'unknown') tally.lastUnknown = result;
    return;
  }
  tally.runs += 1;
  if (result.outcome === 'success') {
    tally.failuresInARow = 0;
    keepDuration(tally, result.durationSeconds);
    return;
  }
  if (tally.reasons === NO_REASONS) tally.reasons = new Map();
  tally.reasons.set(result.reason, (tally.reasons.get(result.reason) ?? 0) + 1);
  if (result.outcome === 'unknown') {
    tally.unknown += 1;
    tally.lastUnknown = result;
  } else {
    tally.lastFailure = result;
    tally.failures += 1;
    tally.failuresInARow += 1;
  }
}

/** The durations kept, ascending. */
export function sortedDurations(tally: ProbeTally): Float32Array {
  const successes = tally.runs - tally.failures - tally.unknown;
  return tally.durations.slice(0, Math.min(successes, tally.keptDurations)).sort();
}

function keepDuration(tally: ProbeTally, seconds: number): void {
  const { keptDurations, durations } = tally;
  if (keptDurations === 0) return;
  const successes = tally.runs - tally.failures - tally.unknown;
  if (successes > durations.length && durations.length < keptDurations) {
    tally.durations = new Float32Array(Math.min(keptDurations, Math.max(8, durations.length * 2)));
    tally.durations.set(durations);
  }
  tally.durations[(successes - 1) % keptDurations] = seconds;
}
