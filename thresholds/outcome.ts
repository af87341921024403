/**
 * What a run, and each row in it, may say. `pass` and `fail` mean that firedrill looked and knows; `inconclusive` that it
 * looked and cannot tell; `broken` that firedrill itself could not look.
 */
export type Outcome = 'pass' | 'fail' | 'inconclusive' | 'broken';

/** The worst first: the order in which a run takes its outcome from its rows. */
export const OUTCOMES_WORST_FIRST: readonly Outcome[] = ['broken', 'fail', 'inconclusive', 'pass'];

/** Process exit codes. CI can tell a broken promise (1) from a broken harness (3) and from too little evidence (4). */
export const EXIT_CODE = {
  pass: 0,
  fail: 1,
  usage: 2,
  broken: 3,
  inconclusive: 4,
  interrupted: 130,
} as const;

/** How many rows had each outcome. */
export type OutcomeCounts = Record<Outcome, number>;

/** Counts rows by outcome. */
export function countOutcomes(rows: Iterable<{ outcome: Outcome }>): OutcomeCounts {
  const counts: OutcomeCounts = { pass: 0, fail: 0, inconclusive: 0, broken: 0 };
  for (const row of rows) counts[row.outcome] += 1;
  return counts;
}

/**
 * The worst outcome among rows, in the order broken, fail, inconclusive, pass. No row at all is `inconclusive`: a run that
 * looked at nothing has not passed.
 */
export function worstOutcome(rows: Iterable<{ outcome: Outcome }>): Outcome {
  const counts = countOutcomes(rows);
  return OUTCOMES_WORST_FIRST.find((outcome) => counts[outcome] > 0) ?? 'inconclusive';
}

/** Outcomes that the worst one hides, for the line "also failed: ...". `pass` is never hidden news. */
export function hiddenOutcomes(rows: Iterable<{ outcome: Outcome }>): Outcome[] {
  const counts = countOutcomes(rows);
  const present = OUTCOMES_WORST_FIRST.filter((outcome) => outcome !== 'pass' && counts[outcome] > 0);
  return present.slice(1);
}
