import { contains } from '../../model/interval.ts';
import { makeAbsent } from '../absent.ts';
import type { CallSolver } from '../calls.ts';

const absent: CallSolver = (solver, { args: [arg] }, want, context) => {
  if (arg === undefined || !want.every((one) => contains(one, 1))) return false;
  const inner = arg.kind === 'matrix' ? arg.selector : arg.kind === 'subquery' ? arg.expr : arg;
  return makeAbsent(solver, inner, context);
};

export const ABSENCE: Readonly<Record<string, CallSolver>> = { absent, absent_over_time: absent };
