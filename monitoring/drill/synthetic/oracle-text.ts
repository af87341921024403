import { readPairs } from '../../audit/promtool-output.ts';
import { seriesName } from '../../audit/witness/series-text.ts';
import type { WitnessSeries } from '../../audit/witness/types.ts';
import { printDuration } from '../../promql/print.ts';
import type { DrillRule } from './rule.ts';
import { samplesText } from './sample.ts';
import { type Context, same } from './script.ts';

/** A question to promtool: what do these rules, unscaled, do with this input? */
export interface OracleTrial {
  /** Unlike that of every other trial; letters, digits, `.` and `-`. */
  readonly id: string;
  /** The label that tells what its series fire from what others do; null where nothing tells. */
  readonly context: Context | null;
  /** In the order in which they are evaluated. */
  readonly rules: readonly DrillRule[];
  readonly series: readonly WitnessSeries[];
  /** Distance of the samples as the series count them, and as promtool is told: another one plays them at another speed. */
  readonly sampleMs: number;
  readonly intervalMs: number;
  readonly evaluationMs: number;
  /** In promtool's time. */
  readonly endMs: number;
}

/** One state of one alert: first and last evaluation in it, and how many there were. */
export interface SeenState {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
  readonly firstMs: number;
  readonly lastMs: number;
  readonly evaluations: number;
}

const TRIAL = 'firedrill_trial';
const WHAT = 'firedrill_what';

/** Trials that promtool runs as one test: their contexts keep them apart. They share the distances of samples and evaluations. */
export interface OracleTest {
  readonly id: string;
  readonly trials: readonly OracleTrial[];
}

/** Tests that end at about the same time may be run as one. */
const SPREAD = 2;
/** Every rule looks at the series of every trial of its test: with more of them that costs more than a further test. */
const TRIALS_IN_A_TEST = 60;

/** Puts trials together that may share a test; one without context has a test of its own. */
export function oracleTests(trials: readonly OracleTrial[]): OracleTest[] {
  const shared = (trial: OracleTrial) => {
    const length = Math.ceil(Math.log(trial.endMs / trial.evaluationMs + 1) / Math.log(SPREAD));
    return trial.context === null ? trial.id : `${trial.sampleMs} ${trial.intervalMs} ${trial.evaluationMs} ${length}`;
  };
  return [...Map.groupBy(trials, shared).values()]
    .flatMap(withoutDoubles)
    .flatMap((together) => {
      const count = Math.ceil(together.length / TRIALS_IN_A_TEST);
      return Array.from({ length: count }, (_, part) =>
        together.slice((part * together.length) / count, ((part + 1) * together.length) / count),
      );
    })
    .map((together, index) => ({ id: `t${index}`, trials: together }));
}

/** Rules whose alerts could be taken for each other are asked about apart. */
function withoutDoubles(trials: readonly OracleTrial[]): OracleTrial[][] {
  const parts: OracleTrial[][] = [];
  for (const trial of trials) {
    const rule = trial.rules.at(-1);
    const fits = (part: OracleTrial[]) =>
      part.every(({ rules }) => {
        const other = rules.at(-1);
        return other === undefined || rule === undefined || other.id === rule.id || !same(other, rule);
      });
    const part = parts.find(fits);
    if (part === undefined) parts.push([trial]);
    else part.push(trial);
  }
  return parts;
}

/** The rule file of a test, as JSON, which is YAML: recording rules first, in the order of their trials. */
export function oracleRules({ trials }: OracleTest): string {
  const rules = new Map(trials.flatMap((trial) => trial.rules.map((rule) => [rule.id, rule] as const)));
  const ordered = [...rules.values()].toSorted((a, b) => Number(a.kind === 'alert') - Number(b.kind === 'alert'));
  const entries = ordered.map(({ kind, name, expr, forMs, keepFiringForMs, labels, annotations }) => ({
    [kind]: name,
    expr,
    ...(forMs > 0 ? { for: printDuration(forMs) } : {}),
    ...(keepFiringForMs > 0 ? { keep_firing_for: printDuration(keepFiringForMs) } : {}),
    labels,
    ...(kind === 'alert' ? { annotations } : {}),
  }));
  return JSON.stringify({ groups: [{ name: 'oracle', rules: entries }] });
}

/** The test file of a test. */
export function oracleFile(test: OracleTest, rules: string): string {
  const [first] = test.trials;
  const { intervalMs = 1, evaluationMs = 1 } = first ?? {};
  const endMs = Math.max(...test.trials.map((trial) => trial.endMs));
  return JSON.stringify({
    rule_files: [rules],
    evaluation_interval: printDuration(evaluationMs),
    tests: [
      {
        name: test.id,
        interval: printDuration(intervalMs),
        input_series: test.trials.flatMap((trial) =>
          trial.series.map((one) => ({
            series: seriesName(one),
            values: samplesText(one.segments, trial.sampleMs, Math.floor(trial.endMs / trial.intervalMs)),
          })),
        ),
        // Expecting nothing where there is always something makes promtool print what there is.
        promql_expr_test: [
          { expr: question(test.id, endMs, evaluationMs), eval_time: printDuration(endMs), exp_samples: [] },
        ],
      },
    ],
  });
}

function question(id: string, endMs: number, evaluationMs: number): string {
  const range = printDuration(Math.ceil(endMs / evaluationMs + 1) * evaluationMs);
  const steps = `[${range}:${printDuration(evaluationMs)}]`;
  const named = (expr: string, what: string) => `label_replace(${expr}, "${WHAT}", "${what}", "", "")`;
  return [
    named(`min_over_time(timestamp(ALERTS)${steps})`, 'first'),
    named(`max_over_time(timestamp(ALERTS)${steps})`, 'last'),
    named(`count_over_time(ALERTS[${range}])`, 'count'),
    `label_replace(vector(-1), "${TRIAL}", "${id}", "", "")`,
  ].join(' or ');
}

/** What the series of a trial fired, of all that was seen in its test. */
export function ownStates({ context, endMs }: OracleTrial, states: readonly SeenState[]): SeenState[] {
  return states.filter(
    ({ labels, firstMs }) => firstMs <= endMs && (context === null || labels[context.label] === context.value),
  );
}

const ELEMENT = /\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\} ([-+]?(?:\d[\d.]*E[+-]\d+|NaN|Inf))/g;

/** What promtool said, by trial. A trial that is missing was not run to its end. */
export function readOracle(output: string): Map<string, SeenState[]> {
  const found = new Map<string, SeenState[]>();
  for (const [line] of output.matchAll(/^ {8}got: .*$/gm)) {
    let id: string | null = null;
    const states = new Map<string, { labels: Record<string, string>; first: number; last: number; count: number }>();
    for (const [, pairs = '', value = ''] of line.matchAll(ELEMENT)) {
      const { [TRIAL]: trial, [WHAT]: what, ...labels } = readPairs(pairs);
      if (trial !== undefined) id = trial;
      if (what === undefined) continue;
      const key = JSON.stringify(labels);
      const state = states.get(key) ?? { labels, first: 0, last: 0, count: 0 };
      states.set(key, state);
      if (what === 'first' || what === 'last' || what === 'count') state[what] = Number(value);
    }
    if (id !== null) found.set(id, [...states.values()].map(seen));
  }
  return found;
}

function seen({
  labels: { alertstate, ...labels },
  first,
  last,
  count,
}: {
  labels: Record<string, string>;
  first: number;
  last: number;
  count: number;
}): SeenState {
  const ms = (seconds: number) => Math.round(seconds * 1_000);
  const state = alertstate === 'firing' ? 'firing' : 'pending';
  return { labels, state, firstMs: ms(first), lastMs: ms(last), evaluations: count };
}
