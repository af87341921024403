import { readExpression } from '../audit/findings/read-expression.ts';
import type { Call, Duration, Expr, Subquery, TimeShift, VectorSelector } from '../promql/ast.ts';
import { printDuration, printPromql } from '../promql/print.ts';
import { cancelledParts, isPerSecondFunction, perSecondParts } from './per-second.ts';
import { Refused, scaledMs } from './refusal.ts';
import type { Refusal, VirtualClock } from './types.ts';
import { arithmetic, call, number, virtualSeconds, wallSeconds } from './virtual-clock.ts';

/** The clock for which an expression is written anew. */
export interface ScaleContext {
  /** How many times faster than real time. */
  factor: number;
  /** Null: what reads the time is refused. */
  clock: VirtualClock | null;
  /** The step of subqueries that name none, in real time; null leaves it to the server. */
  evaluationIntervalMs: number | null;
}

/** An expression, or the first thing that Prometheus refuses in it. */
export type ReadExpression = ReturnType<typeof readExpression>;

/** An expression for a faster clock, or why there is none. */
export type Scaled = { expr: string } | { refused: Refusal };

/** Functions that give moments in seconds. */
const MOMENTS = new Set([
  'time',
  'start',
  'end',
  'timestamp',
  'start_timestamp',
  'ts_of_first_over_time',
  'ts_of_last_over_time',
  'ts_of_max_over_time',
  'ts_of_min_over_time',
]);
/** Functions that read the time when they have no argument. */
const CALENDAR = new Set([
  ...['minute', 'hour', 'day_of_week', 'day_of_month', 'day_of_year', 'days_in_month', 'month', 'year'],
]);

/**
 * A PromQL expression for a clock that runs `factor` times faster. Windows, subqueries and offsets shrink; what is per second (`rate`, `irate`,
 * `deriv`) is divided by the factor, unless that cancels out; moments go through the virtual clock. Limits stay as they are, and so do
 * numbers that happen to be durations: under t' = t / factor PromQL is the same except where it divides by seconds, takes seconds as a
 * number or reads the time.
 */
export function scaleExpression(text: string, context: ScaleContext): Scaled {
  return scaleRead(readExpression(text), context);
}

/** The same for an expression that is read already. */
export function scaleRead(read: ReadExpression, context: ScaleContext): Scaled {
  if ('error' in read) {
    const { from, message } = read.error;
    return { refused: { construct: 'the expression', reason: `cannot be read: ${message} (character ${from + 1})` } };
  }
  try {
    return { expr: printPromql(scale(read.expr, context, false)) };
  } catch (error) {
    if (error instanceof Refused) return { refused: error.refusal };
    throw error;
  }
}

/** `perSecond`: the unit of the value cancels out further up, so it may be per second of either clock. */
function scale(expr: Expr, context: ScaleContext, perSecond: boolean): Expr {
  const free = new Set(perSecond ? perSecondParts(expr) : cancelledParts(expr));
  const part = (inner: Expr) => scale(inner, context, free.has(inner));
  switch (expr.kind) {
    case 'number':
    case 'string':
      return expr;
    case 'selector':
      return scaleSelector(expr, context);
    case 'matrix':
      return { ...expr, selector: scaleSelector(expr.selector, context), range: window(expr.range, context) };
    case 'subquery':
      return {
        ...expr,
        ...scaleShift(expr, context),
        expr: part(expr.expr),
        range: window(expr.range, context),
        step: step(expr, context),
      };
    case 'unary':
      return { ...expr, expr: part(expr.expr) };
    case 'binary':
      return { ...expr, left: part(expr.left), right: part(expr.right) };
    case 'aggregation':
      return { ...expr, param: expr.param === null ? null : part(expr.param), expr: part(expr.expr) };
    case 'call':
      return scaleCall({ ...expr, args: expr.args.map(part) }, context, perSecond);
  }
}

function scaleSelector(selector: VectorSelector, context: ScaleContext): VectorSelector {
  if (selector.name === 'ALERTS_FOR_STATE')
    throw new Refused('ALERTS_FOR_STATE', 'holds whole seconds of wall time, too coarse for a faster clock');
  return { ...selector, ...scaleShift(selector, context) };
}

function scaleShift({ offset, at }: TimeShift, { factor, clock }: ScaleContext): TimeShift {
  if (typeof at === 'number' && clock === null)
    throw new Refused(`@ ${at}`, 'names a moment, and there is no virtual clock');
  return {
    offset:
      offset === null ? null : { ...offset, ms: scaledMs(offset.ms, factor, `offset ${printDuration(offset.ms)}`) },
    at: typeof at === 'number' && clock !== null ? wallSeconds(at, clock) : at,
  };
}

function window(range: Duration, { factor }: ScaleContext): Duration {
  return { ...range, ms: scaledMs(range.ms, factor, `[${printDuration(range.ms)}]`) };
}

function step({ step: own, range }: Subquery, { factor, evaluationIntervalMs }: ScaleContext): Duration | null {
  const ms = own?.ms ?? evaluationIntervalMs;
  return ms === null ? null : { ...range, ms: scaledMs(ms, factor, `[:${printDuration(ms)}]`) };
}

/** A call whose arguments are scaled. */
function scaleCall(scaled: Call, { factor, clock }: ScaleContext, perSecond: boolean): Expr {
  const { func, args } = scaled;
  const momentless = CALENDAR.has(func) && args.length === 0;
  if (MOMENTS.has(func) || momentless) {
    if (clock === null) throw new Refused(`${func}()`, 'reads the time, and there is no virtual clock');
    if (!momentless) return virtualSeconds(scaled, clock);
    return { ...scaled, args: [call('vector', [virtualSeconds(call('time', []), clock)])] };
  }
  const [series, seconds] = args;
  if (func === 'predict_linear' && series !== undefined && seconds !== undefined) {
    const wall = seconds.kind === 'number' ? number(seconds.value / factor) : arithmetic(seconds, '/', number(factor));
    return { ...scaled, args: [series, wall] };
  }
  return isPerSecondFunction(func) && !perSecond ? arithmetic(scaled, '/', number(factor)) : scaled;
}
