import type { ArithmeticOperator, Call, Expr } from '../promql/ast.ts';
import type { VirtualClock } from './types.ts';

const NOWHERE = { from: 0, to: 0 };

/** The virtual time, in seconds, of an expression that gives a wall time in seconds. */
export function virtualSeconds(wall: Expr, { startMs, factor, virtualStartMs }: VirtualClock): Expr {
  const elapsed = arithmetic(wall, '-', number(startMs / 1_000));
  return arithmetic(number(virtualStartMs / 1_000), '+', arithmetic(elapsed, '*', number(factor)));
}

/** The wall time, in seconds and exact to the millisecond, of a virtual time in seconds. */
export function wallSeconds(virtual: number, { startMs, factor, virtualStartMs }: VirtualClock): number {
  return Math.round(startMs + (virtual * 1_000 - virtualStartMs) / factor) / 1_000;
}

export function arithmetic(left: Expr, op: ArithmeticOperator, right: Expr): Expr {
  return { kind: 'binary', op, opSpan: NOWHERE, left, right, bool: null, matching: null, ...NOWHERE };
}

export function number(value: number): Expr {
  return { kind: 'number', value, ...NOWHERE };
}

export function call(func: string, args: readonly Expr[]): Call {
  return { kind: 'call', func, funcSpan: NOWHERE, args, ...NOWHERE };
}
