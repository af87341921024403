import { walk } from '../../../promql/ast.ts';
import type { Context } from './context.ts';
import type { Solver } from './solver.ts';

/** Lets every series of an expression be there. */
export function presentAll(solver: Solver, context: Context): void {
  for (const node of walk(solver.expr))
    if (node.kind === 'call' || node.kind === 'selector') solver.exist(node, context);
}
