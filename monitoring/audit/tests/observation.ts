import type { MutableRule, Mutant } from '../mutants/mutant.ts';
import { changedRule, type PlainRule } from '../mutants/plain.ts';
import type { FiringAlert, PromtoolComplaints } from '../promtool-output.ts';
import { seriesName, seriesValues } from '../witness/series-text.ts';
import type { Witness } from '../witness/types.ts';
import type { Trial } from './trial.ts';

/** A rule, some of its mutants, and trials in which one looks what each of them does. */
export interface Observation {
  rule: MutableRule;
  plain: PlainRule;
  witness: Witness;
  mutants: readonly Mutant[];
  trials: readonly Trial[];
}

/** What fires at a moment of a trial. */
export interface Moment {
  trial: Trial;
  timeMs: number;
}

/** What a run of `observationFiles` showed. */
export interface Observed {
  /** What the rule itself does at each moment of each trial in which it could be evaluated. */
  original: ReadonlyMap<Trial, ReadonlyMap<number, readonly FiringAlert[]>>;
  /** Where a mutant does something else; empty for one that does all the same. */
  differs: ReadonlyMap<Mutant, readonly Moment[]>;
  /** Mutants that cannot be evaluated in a trial, and those that Prometheus would not load. */
  faulty: ReadonlyMap<Mutant, Trial>;
  invalid: ReadonlyMap<Mutant, string>;
  /** Trials to run again without the faulty ones; those in which the rule itself cannot be evaluated are left out. */
  again: readonly Trial[];
}

/** Rule file and test file that show what the rule and its mutants do: every expectation is that nothing fires. */
export function observationFiles(
  { rule, plain, witness, mutants, trials }: Observation,
  { rulesName, prefix }: { rulesName: string; prefix: string },
): { rules: unknown; test: unknown } {
  const names = [rule.alert, ...mutants.map((mutant) => variantName(rule, mutant))];
  const rules = [
    ...witness.recordingRules.map(({ record, expr, labels }) => ({ record, expr, labels })),
    plain,
    ...mutants.map((mutant) => changedRule(plain, mutant.change, variantName(rule, mutant))),
  ];
  return {
    rules: { groups: [{ name: 'observed', rules }] },
    test: {
      rule_files: [rulesName],
      evaluation_interval: `${witness.evaluationMs}ms`,
      tests: trials.map((trial, index) => ({
        name: `${prefix}${index}`,
        interval: `${witness.intervalMs}ms`,
        input_series: trial.series.map((series) => ({
          series: seriesName(series),
          values: seriesValues(series.segments, witness.intervalMs, trial.endMs),
        })),
        alert_rule_test: trial.timesMs.flatMap((timeMs) =>
          names.map((alertname) => ({ eval_time: `${timeMs}ms`, alertname, exp_alerts: [] })),
        ),
      })),
    },
  };
}

/** Reads what a run of `observationFiles` with that prefix complained of. */
export function readObservation(
  { rule, mutants, trials }: Observation,
  { complaints, prefix }: { complaints: PromtoolComplaints; prefix: string },
): Observed {
  const byName = new Map(mutants.map((mutant) => [variantName(rule, mutant), mutant]));
  const trialOf = (name: string | null) =>
    name?.startsWith(prefix) === true ? trials[Number(name.slice(prefix.length))] : undefined;
  const invalid = new Map<Mutant, string>();
  for (const line of complaints.others) {
    const named = [...byName].find(([name]) => line.includes(`"${name}"`));
    if (named !== undefined) invalid.set(named[1], line.trim());
  }
  const faulty = new Map<Mutant, Trial>();
  const stopped = new Set<Trial>();
  const unusable = new Set<Trial>();
  for (const { test, rule: name } of complaints.faults) {
    const trial = trialOf(test);
    if (trial === undefined) continue;
    const mutant = byName.get(name);
    stopped.add(trial);
    if (mutant === undefined) unusable.add(trial);
    else faulty.set(mutant, trial);
  }
  const original = new Map(
    trials
      .filter((trial) => !stopped.has(trial) && invalid.size === 0)
      .map((trial) => [trial, new Map<number, readonly FiringAlert[]>(trial.timesMs.map((timeMs) => [timeMs, []]))]),
  );
  const variants = new Map<Mutant, Map<Trial, Map<number, string>>>(mutants.map((mutant) => [mutant, new Map()]));
  for (const { test, alert, time, got } of complaints.mismatches) {
    const trial = trialOf(test);
    if (trial === undefined || stopped.has(trial)) continue;
    const timeMs = parseTime(time);
    if (alert === rule.alert) original.get(trial)?.set(timeMs, got);
    const mutant = byName.get(alert);
    if (mutant === undefined) continue;
    const seen = variants.get(mutant) ?? new Map<Trial, Map<number, string>>();
    const moments = seen.get(trial) ?? new Map<number, string>();
    variants.set(mutant, seen.set(trial, moments.set(timeMs, firingKey(got))));
  }
  const differs = new Map<Mutant, Moment[]>();
  for (const mutant of mutants) {
    const moments: Moment[] = [];
    for (const [trial, times] of original) {
      for (const [timeMs, firing] of times) {
        if (firingKey(firing) !== (variants.get(mutant)?.get(trial)?.get(timeMs) ?? ''))
          moments.push({ trial, timeMs });
      }
    }
    differs.set(mutant, moments);
  }
  const again = invalid.size > 0 ? trials : [...stopped].filter((trial) => !unusable.has(trial));
  return { original, differs, faulty, invalid, again };
}

/** What fires, without the name of who fires, in an order of its own. */
function firingKey(firing: readonly FiringAlert[]): string {
  return firing
    .map(({ labels, annotations }) => {
      const { alertname: _, ...rest } = labels;
      return JSON.stringify([sorted(rest), sorted(annotations)]);
    })
    .sort()
    .join('\n');
}

function sorted(pairs: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1));
}

function variantName({ alert }: MutableRule, { id }: Mutant): string {
  return `${alert}__m${id}`;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Milliseconds of a time as promtool prints it: `1d3h`. */
function parseTime(text: string): number {
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * (UNIT_MS[unit ?? ''] ?? 0),
    0,
  );
}
