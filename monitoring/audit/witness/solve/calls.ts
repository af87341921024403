import type { Call } from '../../../promql/ast.ts';
import { ABSENCE } from './calls/absence.ts';
import { CHANGES } from './calls/changes.ts';
import { GROWTH } from './calls/growth.ts';
import { HISTOGRAM } from './calls/histogram.ts';
import { INVERSES } from './calls/inverses.ts';
import { OVER_TIME } from './calls/over-time.ts';
import { PREDICTION } from './calls/prediction.ts';
import { anything, type Context, type Want } from './context.ts';
import type { Solver } from './solver.ts';

/** Solves a call backwards. */
export type CallSolver = (solver: Solver, call: Call, want: Want, context: Context) => boolean;

/** Functions that hand their first argument on. */
const THROUGH: readonly string[] = [
  'label_replace',
  'label_join',
  'sort',
  'sort_desc',
  'sort_by_label',
  'sort_by_label_desc',
  'scalar',
  'vector',
];

const through: CallSolver = (solver, { args: [inner] }, want, context) =>
  inner !== undefined && solver.solve(inner, want, context);

/** Every function that can be solved; one file a family. */
const CALLS: Readonly<Record<string, CallSolver>> = {
  ...Object.fromEntries(THROUGH.map((name) => [name, through])),
  ...INVERSES,
  ...GROWTH,
  ...CHANGES,
  ...OVER_TIME,
  ...PREDICTION,
  ...HISTOGRAM,
  ...ABSENCE,
};

export function solveCall(solver: Solver, call: Call, want: Want, context: Context): boolean {
  const found = CALLS[call.func];
  if (found !== undefined)
    return found(solver, call, want, context) && (context.slope || solver.satisfied(call, want, context));
  return (
    call.args.every((arg) => solver.isConstant(arg) || solver.solve(arg, anything(solver.times), context)) &&
    solver.satisfied(call, want, context)
  );
}
