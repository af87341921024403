import { type Binary, type Expr, isComparison, isSetOperator, walk } from '../../../promql/ast.ts';
import { negated } from '../model/interval.ts';
import { withRegion } from '../model/signal.ts';
import { solveFilter } from './binary.ts';
import { anything, type Context } from './context.ts';
import type { Solver } from './solver.ts';

/** Makes an expression give nothing: by values that fail its comparisons, else by leaving its series out. */
export function makeAbsent(solver: Solver, expr: Expr, context: Context): boolean {
  const gone = () => solver.read(expr, context).every((value) => value === null);
  if (gone()) return true;
  const start = solver.pool.save();
  if (falsify(solver, expr, context) && gone()) return true;
  solver.pool.restore(start);
  // A series that is wanted at another time stays, and ends in time.
  if (solver.regional && gap(solver, expr, context) && gone()) return true;
  solver.pool.restore(start);
  drop(solver, expr);
  return gone();
}

/** Ends the series of an expression where the alert begins to look at them. */
export function gap(solver: Solver, expr: Expr, context: Context): boolean {
  const [start = 0] = solver.times;
  for (const node of walk(expr)) {
    if (node.kind !== 'selector') continue;
    const fromMs = start - (node.offset?.ms ?? 0);
    for (const series of solver.pool.of(node, context.only)) {
      series.signal = withRegion(series.signal, fromMs, Infinity, { value: null, slope: 0 });
    }
  }
  return true;
}

/** Leaves out the series of every selector in an expression. */
export function drop(solver: Solver, expr: Expr): void {
  for (const node of walk(expr)) {
    if (node.kind === 'selector') for (const series of solver.pool.of(node, new Map())) series.present = false;
  }
}

/** Gives an expression values for which it yields nothing although its series are there. */
export function falsify(solver: Solver, expr: Expr, context: Context): boolean {
  switch (expr.kind) {
    case 'unary':
      return falsify(solver, expr.expr, context);
    case 'aggregation':
      return falsify(solver, expr.expr, context);
    case 'call':
      return falsifyCall(solver, expr, context);
    case 'binary':
      return falsifyBinary(solver, expr, context);
    default:
      return false;
  }
}

function falsifyCall(solver: Solver, { func, args }: Extract<Expr, { kind: 'call' }>, context: Context): boolean {
  if (func === 'absent' || func === 'absent_over_time')
    return args[0] !== undefined && present(solver, args[0], context);
  const vector = args.find((arg) => arg.kind !== 'number' && arg.kind !== 'string' && !solver.isConstant(arg));
  if (vector === undefined) return false;
  return falsify(solver, vector.kind === 'subquery' ? vector.expr : vector, context);
}

function present(solver: Solver, arg: Expr, context: Context): boolean {
  if (arg.kind === 'matrix') return solver.exist(arg.selector, context);
  return solver.exist(arg.kind === 'subquery' ? arg.expr : arg, context);
}

function falsifyBinary(solver: Solver, expr: Binary, context: Context): boolean {
  const { op, left, right, bool } = expr;
  if (isComparison(op) && bool === null) {
    return solveFilter(solver, expr, anything(solver.times), context, negated(op)) || falsify(solver, left, context);
  }
  if (!isSetOperator(op)) return falsify(solver, left, context) || falsify(solver, right, context);
  switch (op) {
    case 'and':
      return falsify(solver, left, context) || falsify(solver, right, context);
    case 'or':
      return falsify(solver, left, context) && falsify(solver, right, context);
    default:
      return falsify(solver, left, context) || solver.exist(right, context);
  }
}
