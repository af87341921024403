import { lets } from '../audit/tests/series-edit.ts';
import { patternSamples } from '../audit/witness/labels/pattern.ts';
import { seriesName } from '../audit/witness/series-text.ts';
import { type Matcher, type VectorSelector, walk } from '../promql/ast.ts';
import { parsePromql } from '../promql/parse.ts';
import { printDuration } from '../promql/print.ts';
import type { Rule } from '../rules.ts';

/** Tests of recording rules without what they expect: what they record is to be seen first. */
export interface RecordingTest {
  name: string;
  interval: string;
  input_series: { series: string; values: string }[];
  promql_expr_test: { expr: string; eval_time: string; exp_samples: { labels: string; value: number }[] }[];
}

/** Samples within the shortest window; a test lasts as long as the longest. Every rule is evaluated at every sample, which bounds what can be afforded. */
const SAMPLES_A_WINDOW = 2;

/** Window of rules that have none. */
const NO_WINDOW_MS = 5 * 60_000;

/** Values that a matcher is tried with. */
const VALUES = 1;

interface InputSeries {
  labels: Record<string, string>;
  /** What asks for it, to leave it out as a whole. */
  selector: string;
}

/**
 * Tests of all recording rules of a group, and the evaluation interval that they need: for each recorded metric counters that grow, the same without
 * each of its sources in turn, counters that stand still, and counters that hardly move.
 */
export function recordingTests(recordings: readonly Rule[]): { evaluationMs: number; tests: RecordingTest[] } {
  const windows = recordings.flatMap(windowsOf);
  const shortest = Math.min(...(windows.length === 0 ? [NO_WINDOW_MS] : windows));
  const evaluationMs = Math.floor(shortest / SAMPLES_A_WINDOW);
  const steps = Math.ceil(Math.max(shortest, ...windows) / evaluationMs);
  const interval = printDuration(evaluationMs);
  const ranged = new Set(recordings.flatMap(countersOf));
  const byName = Map.groupBy(recordings, ({ record }) => record ?? '');
  const sources = [...byName].map(([name, rules]) => ({ name, series: inputOf(rules, byName) }));
  // Several windows over the same counters share their tests.
  const alike = Map.groupBy(sources, ({ series }) => series.map(seriesName).join('\n'));
  const tests = [...alike.values()].flatMap((members) => {
    const series = members[0]?.series ?? [];
    const names = members.map(({ name }) => name);
    const test = (title: string, left: readonly InputSeries[], share: number): RecordingTest => ({
      name: `${names.join(', ')}: ${title}`,
      interval,
      input_series: left.map((each) => ({
        series: seriesName(each),
        values: valuesOf({ step: share * stepOf(each, series.indexOf(each)), steps, counter: isCounter(each, ranged) }),
      })),
      promql_expr_test: names.map((expr) => ({
        expr,
        eval_time: printDuration(steps * evaluationMs),
        exp_samples: [],
      })),
    });
    const selectors = [...new Set(series.map(({ selector }) => selector))];
    return [
      test('everything there', series, 1),
      ...selectors.map((selector) =>
        test(
          `without ${selector}`,
          series.filter((each) => each.selector !== selector),
          1,
        ),
      ),
      test('nothing counted', series, 0),
      test('hardly anything counted', series, 0.001),
    ];
  });
  return { evaluationMs, tests };
}

function valuesOf({ step, steps, counter }: { step: number; steps: number; counter: boolean }): string {
  const shown = Number(step.toPrecision(12));
  return counter ? `0+${shown}x${steps}` : `${shown}x${steps}`;
}

function isCounter({ labels }: InputSeries, ranged: ReadonlySet<string>): boolean {
  return ranged.has(labels.__name__ ?? '');
}

/** Of what comes in, counts and bucket bounds grow most, so that what is taken from them is less. */
function stepOf({ labels }: InputSeries, index: number): number {
  const name = labels.__name__ ?? '';
  const whole = name.endsWith('_count') || labels.le === '+Inf';
  return (whole ? 40 : 1) + index;
}

/** Metrics that a rule reads over a window. */
function countersOf({ expr }: Rule): string[] {
  const parsed = parsePromql(expr);
  if (!parsed.ok) return [];
  return [...walk(parsed.expr)].flatMap((node) => (node.kind === 'matrix' ? [node.selector.name ?? ''] : []));
}

function windowsOf({ expr }: Rule): number[] {
  const parsed = parsePromql(expr);
  if (!parsed.ok) return [];
  return [...walk(parsed.expr)].flatMap((node) =>
    node.kind === 'matrix' || node.kind === 'subquery' ? [node.range.ms] : [],
  );
}

/** Series for every selector that rules of one name use, also through what other rules record. */
function inputOf(rules: readonly Rule[], recorded: ReadonlyMap<string, readonly Rule[]>): InputSeries[] {
  const found = new Map<string, InputSeries>();
  const seen = new Set<string>();
  const add = (members: readonly Rule[]) => {
    for (const { expr } of members) {
      const parsed = parsePromql(expr);
      for (const node of parsed.ok ? walk(parsed.expr) : []) {
        if (node.kind !== 'selector' || node.name === null) continue;
        const inner = recorded.get(node.name);
        if (inner !== undefined) {
          if (!seen.has(node.name)) {
            seen.add(node.name);
            add(inner);
          }
          continue;
        }
        for (const labels of labelSets(node)) {
          const key = seriesName({ labels });
          if (!found.has(key)) found.set(key, { labels, selector: textOf(node) });
        }
      }
    }
  };
  add(rules);
  return [...found.values()];
}

function labelSets({ name, matchers }: VectorSelector): Record<string, string>[] {
  const base = { __name__: name ?? '', environment: 'test' };
  const sets = matchers.reduce<Record<string, string>[]>(
    (before, matcher) =>
      before.flatMap((labels) => valuesFor(matcher, matchers).map((value) => ({ ...labels, [matcher.label]: value }))),
    [base],
  );
  if (!(name ?? '').endsWith('_bucket')) return sets;
  return sets.flatMap((labels) =>
    labels.le === undefined ? ['0.1', '1', '+Inf'].map((le) => ({ ...labels, le })) : [labels],
  );
}

/** At most {@link VALUES} values that every matcher on the label lets through. */
function valuesFor({ label }: Matcher, matchers: readonly Matcher[]): string[] {
  const own = matchers.filter((each) => each.label === label);
  const candidates = own.flatMap(({ op, value }) =>
    op === '=' ? [value] : op === '=~' ? patternSamples(value, VALUES) : ['any', ''],
  );
  return [...new Set(candidates)].filter((value) => own.every((matcher) => lets(matcher, value))).slice(0, VALUES);
}

function textOf({ name, matchers }: VectorSelector): string {
  return `${name}{${matchers.map(({ label, op, value }) => `${label}${op}"${value}"`).join(',')}}`;
}
