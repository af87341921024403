import type { Expr } from '../../promql/ast.ts';

const WHOLE_FUNCTIONS: ReadonlySet<string> = new Set([
  'count_over_time',
  'changes',
  'resets',
  'absent',
  'absent_over_time',
  'present_over_time',
  'floor',
  'ceil',
  'day_of_week',
  'day_of_month',
  'days_in_month',
  'hour',
  'minute',
  'month',
  'year',
]);

/** Functions that give values of their argument's own sort back. */
const PASSING_FUNCTIONS: ReadonlySet<string> = new Set([
  'max_over_time',
  'min_over_time',
  'last_over_time',
  'abs',
  'sort',
]);

/** Whether an expression can only have whole numbers as values, whatever the data. */
export function isWholeValued(expr: Expr): boolean {
  switch (expr.kind) {
    case 'number':
      return Number.isInteger(expr.value);
    case 'unary':
      return isWholeValued(expr.expr);
    case 'aggregation':
      if (expr.op === 'count' || expr.op === 'group') return true;
      return ['sum', 'max', 'min', 'topk', 'bottomk'].includes(expr.op) && isWholeValued(expr.expr);
    case 'call': {
      if (WHOLE_FUNCTIONS.has(expr.func)) return true;
      const [argument] = expr.args;
      return PASSING_FUNCTIONS.has(expr.func) && argument !== undefined && isWholeValued(argument);
    }
    case 'subquery':
      return isWholeValued(expr.expr);
    case 'binary':
      if (expr.bool !== null) return true;
      if (['+', '-', '*', 'or'].includes(expr.op)) return isWholeValued(expr.left) && isWholeValued(expr.right);
      return expr.op !== '/' && expr.op !== '^' && expr.op !== 'atan2' && expr.op !== '%' && isWholeValued(expr.left);
    default:
      return false;
  }
}

/** Whether the values of an expression move so continuously that none is ever exactly a limit: rates, slopes, quantiles, clock differences. */
export function isContinuous(expr: Expr): boolean {
  switch (expr.kind) {
    case 'call': {
      if (
        [
          'rate',
          'irate',
          'deriv',
          'predict_linear',
          'histogram_quantile',
          'increase',
          'delta',
          'time',
          'holt_winters',
          'double_exponential_smoothing',
        ].includes(expr.func)
      ) {
        return true;
      }
      return expr.args.some(isContinuous);
    }
    case 'unary':
    case 'aggregation':
    case 'subquery':
      return isContinuous(expr.expr);
    case 'binary':
      return isContinuous(expr.left) || isContinuous(expr.right);
    default:
      return false;
  }
}
