import type { Binary, Expr, VectorSelector } from '../../promql/ast.ts';
import { isComparison, walk } from '../../promql/ast.ts';

const SCALAR_FUNCTIONS = new Set(['time', 'scalar', 'pi', 'step', 'range', 'start', 'end']);

/** Whether an expression is a number, not a vector of series. */
export function isScalar(expr: Expr): boolean {
  switch (expr.kind) {
    case 'number':
      return true;
    case 'unary':
      return isScalar(expr.expr);
    case 'binary':
      return isScalar(expr.left) && isScalar(expr.right);
    case 'call':
      return SCALAR_FUNCTIONS.has(expr.func);
    default:
      return false;
  }
}

/** Every selector of an expression. */
export function selectors(expr: Expr): VectorSelector[] {
  return [...walk(expr)].filter((node) => node.kind === 'selector');
}

/** The number that an expression without series comes to; null where it reads the clock or a series. */
export function constant(expr: Expr): number | null {
  if (expr.kind === 'number') return expr.value;
  if (expr.kind === 'unary') {
    const value = constant(expr.expr);
    return value === null ? null : expr.op === '-' ? -value : value;
  }
  if (expr.kind === 'call' && expr.func === 'vector' && expr.args[0] !== undefined) return constant(expr.args[0]);
  if (expr.kind !== 'binary') return null;
  const [left, right] = [constant(expr.left), constant(expr.right)];
  return left === null || right === null ? null : arithmetic(expr.op, left, right);
}

function arithmetic(op: Binary['op'], left: number, right: number): number | null {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '^':
      return left ** right;
    default:
      return null;
  }
}

/** A comparison with a number, the series on the left: `100 < x` reads as `x > 100`. */
export interface Limit {
  node: Binary;
  /** The side with series. */
  measured: Expr;
  op: '==' | '!=' | '>' | '<' | '>=' | '<=';
  limit: number;
}

const MIRRORED = { '==': '==', '!=': '!=', '>': '<', '<': '>', '>=': '<=', '<=': '>=' } as const;

/** The comparison that a node makes with a number; null for any other node. */
export function asLimit(node: Expr): Limit | null {
  if (node.kind !== 'binary' || !isComparison(node.op)) return null;
  const [left, right] = [constant(node.left), constant(node.right)];
  if (right !== null && left === null) return { node, measured: node.left, op: node.op, limit: right };
  if (left !== null && right === null) return { node, measured: node.right, op: MIRRORED[node.op], limit: left };
  return null;
}

/** Every comparison with a number in an expression. */
export function limits(expr: Expr): Limit[] {
  return [...walk(expr)].flatMap((node) => asLimit(node) ?? []);
}
