import type { MutableRule, Mutant, RuleChange } from '../mutants/mutant.ts';
import { changedRule, type PlainRule } from '../mutants/plain.ts';
import type { FiringAlert, PromtoolComplaints } from '../promtool-output.ts';
import { seriesName, seriesValues } from '../witness/series-text.ts';
import type { Witness } from '../witness/types.ts';
import { type Lean, leanOf } from './lean.ts';
import type { Trial } from './trial.ts';

/** A rule, some of its mutants, and a trial in which one looks what each of them does. */
export interface Observation {
  rule: MutableRule;
  plain: PlainRule;
  witness: Witness;
  mutants: readonly Mutant[];
  trial: Trial;
  /** The moments at which one looks, in order: promtool goes no further than the last. */
  timesMs: readonly number[];
  /** The rule itself is to say all that its labels and annotations hold, as a test expects it, not only what tells mutants. */
  whole: boolean;
}

/** What fires at a moment of a trial. */
export interface Moment {
  trial: Trial;
  timeMs: number;
}

/** What a run of `observationFiles` showed. */
export interface Observed {
  /** What the rule itself does at each moment; null where it, or a mutant beside it, could not be evaluated. */
  original: ReadonlyMap<number, readonly FiringAlert[]> | null;
  /** The moments at which a mutant does something else; empty for one that does all the same. */
  differs: ReadonlyMap<Mutant, readonly Moment[]>;
  /** Mutants that cannot be evaluated, and those that Prometheus would not load. */
  faulty: readonly Mutant[];
  invalid: ReadonlyMap<Mutant, string>;
  /** To be run again without those; not worth it where the rule itself fails. */
  again: boolean;
}

/**
 * Rule file and test file that show what the rule and its mutants do: every expectation is that nothing fires.
 * @param prefix of the rules' names: tells observations apart that run together.
 */
export function observationFiles(
  observation: Observation,
  { rulesName, prefix }: { rulesName: string; prefix: string },
): { rules: unknown; test: unknown } {
  const { rule, plain, witness, mutants, trial, timesMs, whole } = observation;
  const lean = leanOf(observation);
  const leanPlain = leanRule(plain, lean);
  const names = [ownName(rule, prefix), ...mutants.map((mutant) => variantName(rule, mutant, prefix))];
  const rules = [
    ...witness.recordingRules.map(({ record, expr, labels }) => ({ record, expr, labels })),
    changedRule(whole ? plain : leanPlain, {}, ownName(rule, prefix)),
    ...mutants.map((mutant) => changedRule(leanPlain, mutant.change, variantName(rule, mutant, prefix))),
  ];
  return {
    rules: { groups: [{ name: 'observed', rules }] },
    test: {
      rule_files: [rulesName],
      evaluation_interval: `${witness.evaluationMs}ms`,
      tests: [
        {
          interval: `${witness.intervalMs}ms`,
          input_series: trial.series.map((series) => ({
            series: seriesName(series),
            values: seriesValues(series.segments, witness.intervalMs, timesMs.at(-1) ?? 0),
          })),
          alert_rule_test: timesMs.flatMap((timeMs) =>
            names.map((alertname) => ({ eval_time: `${timeMs}ms`, alertname, exp_alerts: [] })),
          ),
        },
      ],
    },
  };
}

/** Reads what a run of `observationFiles` with that prefix complained of. */
export function readObservation(
  observation: Observation,
  { complaints, prefix }: { complaints: PromtoolComplaints; prefix: string },
): Observed {
  const { rule, mutants, trial, timesMs } = observation;
  const lean = leanOf(observation);
  const own = ownName(rule, prefix);
  const byName = new Map(mutants.map((mutant) => [variantName(rule, mutant, prefix), mutant]));
  const invalid = new Map<Mutant, string>();
  for (const line of complaints.others) {
    const named = [...byName].find(([name]) => line.includes(`"${name}"`));
    if (named !== undefined) invalid.set(named[1], line.trim());
  }
  const faults = complaints.faults.filter(({ rule: name }) => name === own || byName.has(name));
  const faulty = faults.flatMap(({ rule: name }) => byName.get(name) ?? []);
  const unusable = faults.some(({ rule: name }) => name === own);
  if (faults.length > 0 || complaints.others.length > 0) {
    return {
      original: null,
      differs: new Map(),
      faulty,
      invalid,
      again: !unusable && faulty.length + invalid.size > 0,
    };
  }
  const original = new Map<number, readonly FiringAlert[]>(timesMs.map((timeMs) => [timeMs, []]));
  const seen = new Map<Mutant, Map<number, string>>(mutants.map((mutant) => [mutant, new Map()]));
  for (const { alert, time, got } of complaints.mismatches) {
    const mutant = byName.get(alert);
    if (mutant !== undefined) seen.get(mutant)?.set(parseTime(time), firingKey(said(got, mutant.change.labels), lean));
    else if (alert === own) original.set(parseTime(time), said(got, undefined));
  }
  const keys = new Map([...original].map(([timeMs, firing]) => [timeMs, firingKey(firing, lean)]));
  const differs = new Map(
    mutants.map((mutant): [Mutant, Moment[]] => [
      mutant,
      [...keys].flatMap(([timeMs, key]) => (key === (seen.get(mutant)?.get(timeMs) ?? '') ? [] : [{ trial, timeMs }])),
    ]),
  );
  return { original, differs, faulty, invalid, again: false };

  /** With the constant labels; a mutant with labels of its own has said them. */
  function said(got: readonly FiringAlert[], changed: RuleChange['labels']): readonly FiringAlert[] {
    if (changed !== undefined) return got;
    return got.map(({ labels, annotations }) => ({ labels: { ...lean.constants, ...labels }, annotations }));
  }
}

/** A rule that says no more than it needs to. */
function leanRule({ labels, annotations, ...rest }: PlainRule, lean: Lean): PlainRule {
  const kept = (from: PlainRule['labels'], keep: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(from ?? {}).filter(([name]) => keep(name)));
  return {
    ...rest,
    labels: kept(labels, (name) => lean.constants[name] === undefined),
    annotations: kept(annotations, (name) => lean.annotations.includes(name)),
  };
}

/** What fires, without the name of who fires, in an order of its own. */
function firingKey(firing: readonly FiringAlert[], lean: Lean): string {
  return firing
    .map(({ labels, annotations }) => {
      const { alertname: _, ...rest } = labels;
      return JSON.stringify([sorted(rest), lean.annotations.map((name) => annotations[name])]);
    })
    .sort()
    .join('\n');
}

function sorted(pairs: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Names under which rule and mutants stand in a run; unlike those of every other observation in it. */
function ownName({ alert }: MutableRule, prefix: string): string {
  return `${alert}__${prefix}`;
}

function variantName({ alert }: MutableRule, { id }: Mutant, prefix: string): string {
  return `${alert}__${prefix}m${id}`;
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
