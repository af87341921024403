import { type FiringAlert, readPairs } from '../../monitoring/audit/promtool-output.ts';

/** What an alert did in one trial. */
export interface TrialResult {
  /** At how many evaluations it fired, of the label set that fired longest; 0 when none did. */
  readonly evaluationsFired: number;
  /** What fires at the end, when that was asked for. */
  readonly firing: readonly FiringAlert[];
}

/** The label by which the line of counts of a trial is known: promtool prints a test's name only above failed alert tests. */
export const TRIAL_LABEL = 'firedrill_trial';

/** Reads what promtool prints about trials. A trial without its own line of counts is left out: it was not run to its end. */
export function readBatch(output: string): ReadonlyMap<string, TrialResult> {
  const firing = new Map<string, FiringAlert[]>();
  const named = output.split(/^ {4}name: ([\w.-]+),$/m);
  for (let at = 1; at < named.length; at += 2) firing.set(named[at] ?? '', firingAlerts(named[at + 1] ?? ''));
  const results = new Map<string, TrialResult>();
  for (const [line] of output.matchAll(/^ {8}got: .*$/gm)) {
    const id = COUNTS.exec(line)?.[1];
    if (id === undefined) continue;
    const fired = [...line.matchAll(/\} (\d[\d.]*E[+-]\d+)/g)].map(([, value]) => Number(value));
    results.set(id, { evaluationsFired: Math.max(0, ...fired), firing: firing.get(id) ?? [] });
  }
  return results;
}

/** Rule files that promtool refuses, by the number in their name, with its reason. */
export function refusals(output: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const [, index, reason = ''] of output.matchAll(
    /^r(\d+)(?:\.bare)?\.json: (?:\d+:\d+: )?(?:group "audit", rule \d+, )?(.+)$/gm,
  )) {
    found.set(Number(index), reason);
  }
  return found;
}

const COUNTS = new RegExp(`\\{${TRIAL_LABEL}="([\\w.-]+)"\\} -1E\\+00`);

function firingAlerts(body: string): FiringAlert[] {
  // The block of one trial ends where its line of counts begins.
  const end = body.indexOf('\n    expr: ');
  const got = body.slice(0, end < 0 ? undefined : end);
  return [...got.matchAll(/^ {14}Labels:(\{.*\})\n {14}Annotations:(\{.*\}),?$/gm)].map(
    ([, labels = '', annotations = '']) => ({
      labels: readPairs(labels),
      annotations: readPairs(annotations),
    }),
  );
}
