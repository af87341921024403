import type { Binary, Expr, Matcher } from '../../promql/ast.ts';
import type { Emptiness } from './empty.ts';
import { isScalar, selectors } from './expression.ts';
import { type LabelFacts, labelFacts, mayHave, type RecordFacts } from './labels.ts';
import { contradiction, demandsLabel } from './matchers.ts';

/**
 * Why no element of one side of a binary operator ever finds a partner on the other; null where one may. Labels that `by` names count as
 * present: a query that groups by a label means series that have it.
 */
export function joinConflict(expr: Binary, records: RecordFacts): Emptiness | null {
  if (expr.op === 'or' || isScalar(expr.left) || isScalar(expr.right)) return null;
  const [left, right] = [labelFacts(expr.left, records), labelFacts(expr.right, records)];
  for (const label of candidates(expr, left, right)) {
    if (!isMatched(expr, label)) continue;
    const why = conflictOn(label, [expr.left, left], [expr.right, right]);
    if (why !== null) return { at: { from: expr.from, to: expr.to }, kind: 'join', why };
  }
  return null;
}

/** Labels that either side says anything about. */
function candidates({ matching }: Binary, left: LabelFacts, right: LabelFacts): Set<string> {
  return new Set([
    // What every scraped series has, whatever else is known.
    ...(matching?.on === true ? matching.labels : ['job']),
    ...left.matchers.keys(),
    ...right.matchers.keys(),
    ...(left.only ?? []),
    ...(right.only ?? []),
  ]);
}

/** Whether partners must agree on a label. */
export function isMatched({ matching }: Binary, label: string): boolean {
  return matching === null || matching.labels.includes(label) === matching.on;
}

type Side = readonly [Expr, LabelFacts];

function conflictOn(label: string, left: Side, right: Side): string | null {
  for (const [[one, facts], [other, others]] of [
    [left, right],
    [right, left],
  ] as const) {
    if (mayHave(others, label) || !mayHave(facts, label)) continue;
    const where = one === left[0] ? ['left', 'right'] : ['right', 'left'];
    const own = facts.matchers.get(label) ?? [];
    // A raw series may lack a label that its aggregation would name; with a matcher that demands it, or named by by(), it has it.
    if (!demandsLabel(own) && !(facts.only?.has(label) && !fromAbsent(one)) && !(isUnlabelled(other) && isScraped(one)))
      continue;
    const reason =
      isUnlabelled(other) && facts.only === null
        ? `have labels, and those of the ${where[1]} side none`
        : `have the label ${label}, and those of the ${where[1]} side never do`;
    return `The series of the ${where[0]} side ${reason}, so the two never match.`;
  }
  const [a, b] = [left[1].matchers.get(label) ?? [], right[1].matchers.get(label) ?? []];
  if (a.length === 0 || b.length === 0 || !mayHave(left[1], label) || !mayHave(right[1], label)) return null;
  const clash = contradiction([...a, ...b]);
  if (clash === null || contradiction(a) !== null || contradiction(b) !== null) return null;
  const text = clash.map((matcher: Matcher) => `${label}${matcher.op}"${matcher.value}"`).join(' and ');
  return `The two sides must agree on ${label}, and no value satisfies ${text}.`;
}

/** One series without labels that a function makes: `hour()`, `vector(1)`. */
function isUnlabelled(expr: Expr): boolean {
  if (expr.kind === 'unary') return isUnlabelled(expr.expr);
  if (expr.kind === 'binary') return [expr.left, expr.right].every((side) => isUnlabelled(side) || isScalar(side));
  if (expr.kind !== 'call') return false;
  return (
    expr.args.length === 0 ||
    expr.func === 'vector' ||
    (/^(hour|minute|month|year|day_of_\w+|days_in_month)$/.test(expr.func) && expr.args.every(isUnlabelled))
  );
}

/** Read from targets, which always adds labels; a name with a colon may have been recorded without any. */
function isScraped(expr: Expr): boolean {
  const found = selectors(expr);
  return found.length > 0 && found.every(({ name }) => name !== null && !name.includes(':'));
}

/** `absent()` carries the labels of its matchers only while nothing has them. */
function fromAbsent(expr: Expr): boolean {
  return expr.kind === 'call' && expr.func.startsWith('absent');
}
