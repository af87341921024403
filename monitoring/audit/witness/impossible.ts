import { type Binary, type Expr, isComparison, type Span, walk } from '../../promql/ast.ts';
import { printPromql } from '../../promql/print.ts';
import { emptiness } from '../analysis/empty.ts';
import { isScalar } from '../analysis/expression.ts';
import { type Branches, inferLabels, universeOf } from './labels/infer.ts';

/** Why nothing ever comes out, and the part that makes it so. */
export interface Impossible {
  readonly reason: string;
  readonly at: Span;
}

const NOTHING_RECORDED = { labels: () => null, values: () => null };

/**
 * Why an expression never yields anything: limits that nothing keeps, labels that never match, matchers that refuse every value, buckets
 * without their bounds. Null: no reason is known, which does not mean that there is none.
 */
export function provenImpossible(expr: Expr): Impossible | null {
  const found = emptiness(expr, NOTHING_RECORDED);
  if (found !== null) return { reason: found.why, at: found.at };
  return within(expr) ?? labelConflict(expr);
}

/**
 * The reasons that hold whatever a search finds: they know what metrics can be, such as `up` 0 or 1, which a made-up series does not. Labels
 * that never match are none of them: a series without any label may still show the way.
 */
export function impossibleByValues(expr: Expr): Impossible | null {
  const found = emptiness(expr, NOTHING_RECORDED);
  return found === null || found.kind === 'join' ? null : { reason: found.why, at: found.at };
}

/** Whether an alert that fires does so whatever its series are: it has none, or one side of an `or` has none. */
export function noSeriesDecides(expr: Expr): boolean {
  if (![...walk(expr)].some(({ kind }) => kind === 'selector')) return true;
  return expr.kind === 'binary' && expr.op === 'or' && (noSeriesDecides(expr.left) || noSeriesDecides(expr.right));
}

/** Parts without which nothing is left, as far as the expression is a chain of them. */
function within(expr: Expr): Impossible | null {
  switch (expr.kind) {
    case 'unary':
    case 'subquery':
    case 'aggregation':
      return within(expr.expr);
    case 'call': {
      if (['absent', 'absent_over_time', 'vector', 'scalar', 'time'].includes(expr.func)) return null;
      const lost = lostBounds(expr);
      return lost ?? expr.args.map(within).find((reason) => reason !== null) ?? null;
    }
    case 'binary': {
      if (expr.op === 'or') return within(expr.left) === null || within(expr.right) === null ? null : within(expr.left);
      const left = within(expr.left);
      if (left !== null || expr.op === 'unless') return left ?? takesAll(expr);
      return within(expr.right) ?? comparedWithItself(expr);
    }
    default:
      return null;
  }
}

/** An aggregation that drops `le` leaves `histogram_quantile` without buckets. */
function lostBounds({ func, args }: Extract<Expr, { kind: 'call' }>): Impossible | null {
  const buckets = args[1];
  if (func !== 'histogram_quantile' || buckets === undefined) return null;
  const bound = inferLabels(buckets, universeOf(buckets, ['le']), new Map())
    .outputs.get(buckets)
    ?.get('le');
  if (bound?.kind !== 'text' || bound.text !== '') return null;
  const reason = 'the label le is aggregated away, and histogram_quantile gives nothing without it';
  return { reason, at: { from: buckets.from, to: buckets.to } };
}

/** `x > x`. */
function comparedWithItself({ op, left, right, bool, from, to }: Binary): Impossible | null {
  if (!isComparison(op) || bool !== null || !['>', '<', '!='].includes(op) || isScalar(left)) return null;
  if (printPromql(left) !== printPromql(right)) return null;
  return { reason: `both sides of ${op} are the same`, at: { from, to } };
}

/** `a > 5 unless a`. */
function takesAll({ left, right, matching, from, to }: Binary): Impossible | null {
  if (matching !== null || printPromql(filtered(left)) !== printPromql(right)) return null;
  return { reason: 'the right side of unless takes away all that the left side yields', at: { from, to } };
}

/** What a chain of filters by numbers filters. */
function filtered(expr: Expr): Expr {
  if (expr.kind !== 'binary' || !isComparison(expr.op) || expr.bool !== null) return expr;
  return isScalar(expr.right) ? filtered(expr.left) : isScalar(expr.left) ? filtered(expr.right) : expr;
}

const MAX_ORS = 4;

/** Every way through the `or`s of an expression meets a conflict: the one on the first way is the reason. */
function labelConflict(expr: Expr): Impossible | null {
  const ors = [...walk(expr)].filter((node): node is Binary => node.kind === 'binary' && node.op === 'or');
  if (ors.length > MAX_ORS) return null;
  const universe = universeOf(expr);
  const ways: Branches[] = Array.from(
    { length: 2 ** ors.length },
    (_, way) => new Map(ors.map((or, index) => [or, (way >> index) % 2 === 0 ? 'left' : 'right'])),
  );
  const conflicts = ways.map((branches) => inferLabels(expr, universe, branches).conflicts[0]);
  const [first] = conflicts;
  if (first === undefined || conflicts.includes(undefined)) return null;
  return { reason: `label ${first.label}: ${first.detail}`, at: { from: first.at.from, to: first.at.to } };
}
