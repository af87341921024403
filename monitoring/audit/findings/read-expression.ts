import { children, type Expr, type PromqlError, walk } from '../../promql/ast.ts';
import { parsePromql } from '../../promql/parse.ts';
import { typeErrors } from '../../promql/type-errors.ts';

/** Deeper trees than any rule has; it bounds every recursion of the checks. */
const MAX_DEPTH = 400;

/** The expression of a rule, or the first thing that Prometheus refuses in it. */
export function readExpression(text: string): { expr: Expr } | { error: PromqlError } {
  const result = parsePromql(text);
  if (!result.ok) return { error: result.errors[0] };
  const { expr } = result;
  if (depth(expr) > MAX_DEPTH) return { error: { from: 0, to: 1, message: `it nests deeper than ${MAX_DEPTH}` } };
  const [error] = typeErrors(expr, { asRule: true });
  return error === undefined ? { expr } : { error };
}

/** How deep a tree is, without recursion. */
function depth(expr: Expr): number {
  const depths = new Map<Expr, number>([[expr, 1]]);
  let deepest = 1;
  for (const node of walk(expr)) {
    const own = depths.get(node) ?? 1;
    deepest = Math.max(deepest, own);
    depths.delete(node);
    for (const child of children(node)) depths.set(child, own + 1);
  }
  return deepest;
}
