import type { Expr, Grouping, Matching, VectorSelector } from '../../../promql/ast.ts';

/**
 * Makes equal parts of expressions one object, so that what is known of a part holds for every expression that it stands in. The places of a part
 * are those where it was first seen.
 */
export function createInterner(): <E extends Expr>(expr: E) => E {
  const known = new Map<string, Expr>();
  const numbers = new Map<Expr, number>();
  const intern = <E extends Expr>(expr: E): E => {
    if (numbers.has(expr)) return expr;
    const whole = withInterned(expr, intern);
    const key = keyOf(whole, (part) => numbers.get(part) ?? Number.NaN);
    const found = known.get(key);
    if (found !== undefined) return found as E;
    known.set(key, whole);
    numbers.set(whole, numbers.size);
    return whole as E;
  };
  return intern;
}

function withInterned(expr: Expr, intern: <E extends Expr>(expr: E) => E): Expr {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return expr;
    case 'matrix':
      return { ...expr, selector: intern(expr.selector) };
    case 'subquery':
    case 'unary':
      return { ...expr, expr: intern(expr.expr) };
    case 'binary':
      return { ...expr, left: intern(expr.left), right: intern(expr.right) };
    case 'aggregation':
      return { ...expr, expr: intern(expr.expr), param: expr.param === null ? null : intern(expr.param) };
    case 'call':
      return { ...expr, args: expr.args.map(intern) };
  }
}

/** A text for what a node says, by the numbers of its parts. */
function keyOf(expr: Expr, numberOf: (part: Expr) => number): string {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return JSON.stringify([expr.kind, String(expr.value)]);
    case 'selector':
      return JSON.stringify([
        expr.kind,
        expr.name,
        expr.matchers.map(({ label, op, value }) => [label, op, value]),
        ...shift(expr),
      ]);
    case 'matrix':
      return JSON.stringify([expr.kind, numberOf(expr.selector), expr.range.ms]);
    case 'subquery':
      return JSON.stringify([expr.kind, numberOf(expr.expr), expr.range.ms, expr.step?.ms, ...shift(expr)]);
    case 'unary':
      return JSON.stringify([expr.kind, expr.op, numberOf(expr.expr)]);
    case 'binary': {
      const { op, bool, matching, left, right } = expr;
      return JSON.stringify([expr.kind, op, bool !== null, words(matching), numberOf(left), numberOf(right)]);
    }
    case 'aggregation': {
      const { op, grouping, param } = expr;
      return JSON.stringify([expr.kind, op, words(grouping), param && numberOf(param), numberOf(expr.expr)]);
    }
    case 'call':
      return JSON.stringify([expr.kind, expr.func, expr.args.map(numberOf)]);
  }
}

function shift({ offset, at }: Pick<VectorSelector, 'offset' | 'at'>): unknown[] {
  return [offset?.ms, at];
}

function words(of: Matching | Grouping | null): unknown {
  if (of === null) return null;
  const { from: _from, to: _to, ...rest } = of;
  return rest;
}
