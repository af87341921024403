import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { scaleDuration } from './duration.ts';
import { isPerSecond, perSecondCancels } from './per-second.ts';

/** An expression for a clock that runs `factor` times faster, or why there is none. */
export type Scaled = { expr: string } | { refused: string };

interface Edit {
  from: number;
  to: number;
  text: string;
}

/** Functions that read the absolute time: they need a virtual clock. */
const READS_THE_CLOCK = new Set([
  'time',
  'timestamp',
  'start_timestamp',
  'minute',
  'hour',
  'day_of_week',
  'day_of_month',
  'day_of_year',
  'days_in_month',
  'month',
  'year',
  'ts_of_first_over_time',
  'ts_of_last_over_time',
  'ts_of_max_over_time',
  'ts_of_min_over_time',
]);

/**
 * Divides the time in a PromQL expression by `factor`: windows, subqueries and offsets shrink; what is per second (`rate`, `irate`,
 * `deriv`) would grow by the factor and is divided by it, unless it cancels out, as in a ratio or inside `histogram_quantile`.
 * Limits and numbers that happen to be durations stay as they are. The reference is the table in Prometheus's own semantics:
 * under t' = t / factor PromQL is the same except where it divides by seconds, takes seconds as a number or reads the clock.
 */
export function scaleExpression(expr: string, factor: number): Scaled {
  const tree = parser.parse(expr);
  const error = firstError(tree);
  if (error !== null) return { refused: `not PromQL: error at column ${error.from + 1}` };
  const edits: Edit[] = [];
  let refused: string | null = null;
  tree.iterate({
    enter({ node }) {
      refused ??= visit(node, expr, factor, edits);
      return refused === null;
    },
  });
  return refused === null ? { expr: apply(expr, edits) } : { refused };
}

function visit(node: SyntaxNode, source: string, factor: number, edits: Edit[]): string | null {
  switch (node.name) {
    case 'DurationExpr':
    case 'OffsetDurationExpr':
      return scaleWindow(node, source, factor, edits);
    case 'StepInvariantExpr':
      return 'the @ modifier names an absolute time';
    case 'FunctionCall':
      return scaleCall(node, source, factor, edits);
    default:
      return null;
  }
}

function scaleWindow(node: SyntaxNode, source: string, factor: number, edits: Edit[]): string | null {
  const literal = node.firstChild;
  // A sign comes as an OffsetDurationExpr around another one: the inner one is visited by itself.
  if (literal?.name === 'UnaryOp' && literal.nextSibling?.name === node.name) return null;
  if (literal?.name !== 'NumberDurationLiteralInDurationContext' || literal.nextSibling !== null) {
    return `the duration ${source.slice(node.from, node.to)} is computed`;
  }
  const text = source.slice(node.from, node.to);
  const scaled = scaleDuration(text, factor);
  if (scaled === null) return `the duration ${text} divided by ${factor} is under a millisecond`;
  edits.push({ from: node.from, to: node.to, text: scaled });
  return null;
}

function scaleCall(node: SyntaxNode, source: string, factor: number, edits: Edit[]): string | null {
  const name = functionName(node, source);
  if (READS_THE_CLOCK.has(name)) return `${name}() reads the clock`;
  if (name === 'predict_linear') {
    const seconds = node.getChild('FunctionCallBody')?.lastChild;
    if (!seconds) return 'predict_linear without its second argument';
    edits.push({ from: seconds.from, to: seconds.from, text: '((' });
    edits.push({ from: seconds.to, to: seconds.to, text: `) / ${factor})` });
  }
  if (isPerSecond(name) && !perSecondCancels(node, source)) {
    edits.push({ from: node.from, to: node.from, text: '(' });
    edits.push({ from: node.to, to: node.to, text: ` / ${factor})` });
  }
  return null;
}

function functionName(call: SyntaxNode, source: string): string {
  const identifier = call.getChild('FunctionIdentifier');
  return identifier === null ? '' : source.slice(identifier.from, identifier.to).toLowerCase();
}

function firstError(tree: Tree): SyntaxNode | null {
  let found: SyntaxNode | null = null;
  tree.iterate({
    enter({ node }) {
      if (node.type.isError) found ??= node;
      return found === null;
    },
  });
  return found;
}

function apply(source: string, edits: Edit[]): string {
  let result = source;
  // From the end, so that earlier positions stay true; sort() is stable, so insertions at one place keep their order.
  for (const { from, to, text } of edits.toSorted((a, b) => b.from - a.from)) {
    result = result.slice(0, from) + text + result.slice(to);
  }
  return result;
}
