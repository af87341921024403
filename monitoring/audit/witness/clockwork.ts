import { type Expr, isComparison, walk } from '../../promql/ast.ts';
import { Evaluator } from './model/evaluate.ts';
import type { Clock } from './model/world.ts';

/** When and how often a test samples and evaluates, and from when on the expression should hold. */
export interface Clockwork extends Clock {
  /** The expression should hold from here until `endMs`. */
  readonly holdFromMs: number;
  readonly endMs: number;
}

const S = 1_000;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400].map((s) => s * S);
const MAX_EVALUATIONS = 400;
const MAX_SAMPLES = 1_500;

/** How far into the past an expression looks. */
export function lookbackOf(expr: Expr): number {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return 0;
    case 'selector':
      return Math.max(0, expr.offset?.ms ?? 0);
    case 'matrix':
      return expr.range.ms + Math.max(0, expr.selector.offset?.ms ?? 0);
    case 'subquery':
      return expr.range.ms + Math.max(0, expr.offset?.ms ?? 0) + lookbackOf(expr.expr);
    case 'unary':
      return lookbackOf(expr.expr);
    case 'aggregation':
      return lookbackOf(expr.expr);
    case 'binary':
      return Math.max(lookbackOf(expr.left), lookbackOf(expr.right));
    case 'call':
      return Math.max(0, ...expr.args.map(lookbackOf));
  }
}

/** The clockwork for a rule whose expression should hold after at least `warmUpMs`. */
export function clockworkFor(
  expr: Expr,
  forMs: number,
  groupIntervalMs: number | null,
  warmUpMs: number,
  leftOpen: boolean,
): Clockwork {
  const nodes = [...walk(expr)];
  const ages = nodes.some((node) => node.kind === 'call' && node.func === 'timestamp') ? 600 * S : 0;
  const warm = Math.max(lookbackOf(expr) * (nodes.some(hasOffset) ? 2 : 1), warmUpMs, ages, ...nodes.map(fixedMoment));
  const wish = groupIntervalMs ?? 60 * S;
  const short = forMs > 0 && forMs < wish ? Math.max(S, forMs) : wish;
  const coarse = STEPS.find((step) => (warm + forMs) / step <= MAX_EVALUATIONS) ?? 86_400 * S;
  const evaluationMs = Math.max(short, coarse <= short ? short : coarse);
  const holdFromMs = Math.ceil((warm + evaluationMs) / evaluationMs) * evaluationMs;
  const endMs = holdFromMs + Math.ceil(forMs / evaluationMs) * evaluationMs;
  return { evaluationMs, holdFromMs, endMs, leftOpen, intervalMs: sampleInterval(nodes, endMs) };
}

/** The test must last until a moment that an expression names, within reason. */
function fixedMoment(node: Expr): number {
  if ((node.kind !== 'selector' && node.kind !== 'subquery') || typeof node.at !== 'number') return 0;
  return node.at < 30 * 86_400 ? node.at * S : 0;
}

function hasOffset(node: Expr): boolean {
  return (node.kind === 'selector' || node.kind === 'subquery') && node.offset !== null;
}

/** At least four samples in every window; minutes where that is enough; days-long tests as few as they bear. */
function sampleInterval(nodes: readonly Expr[], endMs: number): number {
  const ranges = nodes.flatMap((node) => (node.kind === 'matrix' ? [node.range.ms / 4] : []));
  const counted = nodes.flatMap((node) => neededForCounts(node));
  const inRanges = nodes.filter(({ kind }) => kind === 'matrix').length;
  const instants = nodes.filter(({ kind }) => kind === 'selector').length > inRanges;
  const limit = Math.min(...ranges, ...counted, instants ? 300 * S : Infinity);
  const wish = Math.min(limit, 60 * S);
  const affordable = Math.max(wish, Math.min(limit, endMs / MAX_SAMPLES));
  return STEPS.findLast((step) => step <= affordable) ?? S;
}

/** `changes(x[1h]) > 50` needs as many samples in the window, and `resets` twice as many. */
function neededForCounts(node: Expr): number[] {
  if (node.kind !== 'binary' || !isComparison(node.op)) return [];
  const limit = node.right.kind === 'number' ? node.right.value : node.left.kind === 'number' ? node.left.value : 0;
  const side = node.right.kind === 'number' ? node.left : node.right;
  if (limit <= 0 || limit > 5_000) return [];
  return [...walk(side)].flatMap((inner) => {
    const [range] = inner.kind === 'call' ? inner.args : [];
    if (inner.kind !== 'call' || range?.kind !== 'matrix') return [];
    if (!['changes', 'resets', 'count_over_time'].includes(inner.func)) return [];
    return [range.range.ms / ((limit + 2) * (inner.func === 'resets' ? 2 : 1.05))];
  });
}

const READS_CLOCK = new Set([
  'time',
  'timestamp',
  'hour',
  'minute',
  'day_of_week',
  'day_of_month',
  'day_of_year',
  'days_in_month',
  'month',
  'year',
]);

/** Whether an expression's value depends on when it is asked. */
export function readsClock(expr: Expr): boolean {
  return [...walk(expr)].some((node) => node.kind === 'call' && READS_CLOCK.has(node.func));
}

/** Other warm-ups worth a try: as long as the longest age in the expression; and moments at which its calendar conditions differ. */
export function otherWarmUps(expr: Expr, forMs: number, clock: Clock): number[] {
  if (!readsClock(expr)) return [];
  const evaluator = new Evaluator([], clock);
  const constants = constantParts(expr);
  const numbers = constants
    .filter((node) => !readsClock(node) && node.kind !== 'string')
    .map((node) => Math.abs(evaluator.scalar(node, 0)));
  // An age may stand in another unit: (time() - x) / 3600 > 24.
  const products = numbers.flatMap((a) => numbers.map((b) => a * b));
  const ages = [numbers, products].map((all) =>
    Math.max(0, ...all.filter((seconds) => seconds >= 60 && seconds <= 4e7)),
  );
  const dated = constants.filter((node) => readsClock(node) && node.kind !== 'call');
  const seen = new Set<string>();
  const moments: number[] = [];
  for (let hour = 0; hour < 366 * 24 && moments.length < 8 && dated.length > 0; hour += hour < 8 * 24 ? 1 : 12) {
    const at = hour * 3_600 * S;
    const state = [at, at + forMs]
      .map((time) => dated.map((node) => describe(evaluator.evaluate(node, time))).join())
      .join(';');
    if (seen.has(state)) continue;
    seen.add(state);
    if (hour > 0) moments.push(at);
  }
  return [...new Set(ages.filter((seconds) => seconds > 0).map((seconds) => seconds * 1.05 * S)), ...moments];
}

function describe(value: ReturnType<Evaluator['evaluate']>): string {
  return typeof value === 'number' ? (value === 0 ? '0' : 'n') : value.length === 0 ? 'empty' : 'some';
}

/** The largest parts without any selector. */
function constantParts(expr: Expr): Expr[] {
  const parts: Expr[] = [];
  const stack: Expr[] = [expr];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (![...walk(node)].some(({ kind }) => kind === 'selector')) parts.push(node);
    else if (node.kind === 'binary') stack.push(node.left, node.right);
    else if (node.kind === 'call') stack.push(...node.args);
    else if (node.kind === 'aggregation' || node.kind === 'unary' || node.kind === 'subquery') stack.push(node.expr);
  }
  return parts.filter(({ kind }) => kind !== 'string');
}
