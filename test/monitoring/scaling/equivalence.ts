import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Expr, TimeShift } from '../../../monitoring/promql/ast.ts';
import { quotedName } from '../../../monitoring/promql/legacy-names.ts';
import { parsePromql } from '../../../monitoring/promql/parse.ts';
import { printDuration, printPromql } from '../../../monitoring/promql/print.ts';
import { scaleExpression } from '../../../monitoring/scaling/expression.ts';
import { runCommand } from '../../../scripts/process/run-command.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { Random } from '../promql/random.ts';
import { randomVector } from '../promql/random-expression.ts';
import { type FixtureSeries, fixtureInput, fixtureSeries } from './fixture-series.ts';
import { timedExpression } from './timed-expression.ts';

/** Samples of the fixture, and how many of them lie before the first look. */
const STEPS = 90;
/** Looks, in steps of the grid: on a sample, and beside one. */
const LOOKS = [40, 61.25, 85.5];
/** The distance of samples for which random expressions are made; another grid stretches their durations. */
const USUAL_GRID_MS = 60_000;
const CLOSE = 1e-6;
/** Change of the data that shows whether an expression jumps there: rounding then decides, on every clock. */
const NUDGE = 1e-10;

export interface Clockwork {
  /** Distance of samples and of evaluations in real time, and how much faster the other clock is. */
  gridMs: number;
  factor: number;
  /** Steps that pass on the faster clock before the data start. */
  lead: number;
}

export interface Comparison {
  compared: number;
  /** Those with a value at one of the looks. */
  withValue: number;
  /** Those where a nudge of the data moves the original as far as the scaled one is off. */
  rounded: string[];
  refused: string[];
  different: string[];
}

/**
 * Random expressions on their data, and scaled ones on scaled data, in the real promtool.
 * @param given texts of expressions, for a grid of a minute, that are compared first.
 */
export async function compareOnClocks(
  seed: number,
  count: number,
  clockwork: Clockwork,
  given: readonly string[] = [],
): Promise<Comparison> {
  const random = new Random(seed);
  const series = fixtureSeries(random, STEPS);
  const { gridMs, factor, lead } = clockwork;
  const wallGridMs = gridMs / factor;
  const startMs = lead * wallGridMs;
  const context = { factor, clock: { startMs, factor, virtualStartMs: 0 }, evaluationIntervalMs: gridMs };
  const refused: string[] = [];
  const pairs: { original: string; scaled: string }[] = [];
  const waiting = given.map(parsed);
  while (pairs.length < count) {
    const made = waiting.shift() ?? (random.chance(0.5) ? randomVector(random, 3) : parsed(timedExpression(random)));
    if (quotedName(made) !== null) continue;
    const original = printPromql(onGrid(made, gridMs));
    const result = scaleExpression(original, context);
    if ('expr' in result) pairs.push({ original, scaled: result.expr });
    else refused.push(`${original}: ${result.refused.construct} ${result.refused.reason}`);
  }
  const plain = { gridMs, lead: 0, series, exprs: pairs.map(({ original }) => original) };
  const results = await runPromtool([
    plain,
    { gridMs: wallGridMs, lead, series, exprs: pairs.map(({ scaled }) => scaled) },
    { ...plain, series: nudged(series) },
  ]);
  const comparison: Comparison = { compared: 0, withValue: 0, rounded: [], refused, different: [] };
  for (const [index, { original, scaled }] of pairs.entries()) {
    const [before = [], after = [], moved = []] = results.map((result) => result.get(index));
    comparison.compared++;
    if (before.some((text) => text.startsWith('{'))) comparison.withValue++;
    if (LOOKS.every((_, look) => agree(before[look], after[look]))) continue;
    const report = `${original}\n  ${scaled}\n  ${LOOKS.map((_, look) => `${before[look]} | ${after[look]}`).join('\n  ')}`;
    const steady = LOOKS.every((_, look) => agree(before[look], moved[look]));
    // Which of two equal elements the topmost is differs from run to run.
    const tied = /topk|bottomk/.test(original) && LOOKS.every((_, look) => sameValues(before[look], after[look]));
    if (steady && !tied) comparison.different.push(report);
    else comparison.rounded.push(report);
  }
  return comparison;
}

function parsed(text: string): Expr {
  const result = parsePromql(text);
  if (!result.ok) throw new Error(`${text}: ${result.errors[0].message}`);
  return result.expr;
}

interface Suite {
  gridMs: number;
  lead: number;
  series: readonly FixtureSeries[];
  exprs: readonly string[];
}

/** What each expression gives at each look, by its index: elements and values as promtool prints them, or its error. */
async function runPromtool(suites: readonly Suite[]): Promise<Map<number, string[]>[]> {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-test-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const { path } = await resolveTool('promtool');
  const results: Map<number, string[]>[] = [];
  for (const { gridMs, lead, series, exprs } of suites) {
    const content = {
      evaluation_interval: printDuration(gridMs),
      tests: [
        {
          interval: printDuration(gridMs),
          input_series: fixtureInput(series, lead),
          promql_expr_test: [
            ...exprs.flatMap((expr, index) =>
              LOOKS.map((look, at) => ({
                expr: `${expr} # ${index}:${at}`,
                eval_time: printDuration((lead + look) * gridMs),
                exp_samples: [],
              })),
            ),
            // Samples are loaded up to the last look: offsets into the future need them all.
            { expr: 'vector(1) > 2', eval_time: printDuration((lead + STEPS + 1) * gridMs), exp_samples: [] },
          ],
        },
      ],
    };
    await writeFile(join(dir, 'test.yml'), JSON.stringify(content));
    const { output } = await runCommand(path, ['test', 'rules', 'test.yml'], { cwd: dir, timeoutMs: 60_000 });
    results.push(readResults(output));
  }
  return results;
}

function readResults(output: string): Map<number, string[]> {
  const results = new Map<number, string[]>();
  let current: [number, number] | null = null;
  const put = (text: string) => {
    if (current === null) return;
    const looks = results.get(current[0]) ?? [];
    looks[current[1]] = text;
    results.set(current[0], looks);
  };
  for (const line of output.split('\n')) {
    const head = /^ {4}expr: ".* # (\d+):(\d+)", time: [^,]*,(?: err: (.*))?$/.exec(line);
    if (head !== null) {
      current = [Number(head[1]), Number(head[2])];
      if (head[3] !== undefined) put('an error');
    }
    const got = /^ {8}got: ?(.*)$/.exec(line);
    if (got !== null && got[1] !== 'nil') put(got[1] ?? '');
  }
  return results;
}

const ELEMENT = /(\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\}) ([-+]?(?:\d[\d.]*E[+-]\d+|NaN|Inf))/g;

function elements(text: string | undefined): [labels: string, value: number][] {
  return [...(text ?? '').matchAll(ELEMENT)].map(([, labels = '', value = '']) => [
    labels,
    Number(value.replace('Inf', 'Infinity')),
  ]);
}

function agree(a: string | undefined, b: string | undefined): boolean {
  const [left, right] = [new Map(elements(a)), new Map(elements(b))];
  if (left.size === 0 || left.size !== right.size) return a === b;
  return [...left].every(([labels, value]) => isClose(value, right.get(labels)));
}

function sameValues(a: string | undefined, b: string | undefined): boolean {
  const [left, right] = [a, b].map((text) =>
    elements(text)
      .map(([, value]) => value)
      .sort((x, y) => x - y),
  );
  return left?.length === right?.length && (left ?? []).every((value, index) => isClose(value, right?.[index]));
}

function isClose(a: number, b: number | undefined): boolean {
  return b !== undefined && (Object.is(a, b) || Math.abs(a - b) <= CLOSE * Math.max(1e-3, Math.abs(a)));
}

function nudged(series: readonly FixtureSeries[]): FixtureSeries[] {
  return series.map(({ name, samples }, index) => ({
    name,
    samples: samples.map((value) => (value === null ? null : value * (1 + NUDGE * (index + 1)))),
  }));
}

/** The expression with its durations and moments on another grid. */
function onGrid(expr: Expr, gridMs: number): Expr {
  const stretched = (ms: number) => Math.round((ms * gridMs) / USUAL_GRID_MS);
  const shift = <T extends TimeShift>(node: T): T => ({
    ...node,
    offset: node.offset === null ? null : { ...node.offset, ms: stretched(node.offset.ms) },
    // In half steps, so that the moment is a whole number of milliseconds on both clocks.
    at: typeof node.at === 'number' ? (Math.round(node.at / 30) * gridMs) / 2_000 : node.at,
  });
  const turn = (inner: Expr): Expr => onGrid(inner, gridMs);
  switch (expr.kind) {
    case 'selector':
      return shift(expr);
    case 'matrix':
      return { ...expr, selector: shift(expr.selector), range: { ...expr.range, ms: stretched(expr.range.ms) } };
    case 'subquery':
      return {
        ...shift(expr),
        expr: turn(expr.expr),
        range: { ...expr.range, ms: stretched(expr.range.ms) },
        step: expr.step === null ? null : { ...expr.step, ms: stretched(expr.step.ms) },
      };
    case 'unary':
      return { ...expr, expr: turn(expr.expr) };
    case 'binary':
      return { ...expr, left: turn(expr.left), right: turn(expr.right) };
    case 'aggregation':
      return { ...expr, param: expr.param === null ? null : turn(expr.param), expr: turn(expr.expr) };
    case 'call':
      return { ...expr, args: expr.args.map(turn) };
    default:
      return expr;
  }
}
