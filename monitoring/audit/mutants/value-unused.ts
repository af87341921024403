import { children, type Expr, isComparison, isSetOperator } from '../../promql/ast.ts';
import type { MutableRule, Mutant } from './mutant.ts';

const SCALED = /^(rate|increase) becomes (rate|increase)$/;
const AVERAGED = /^(sum|avg) becomes (sum|avg)$/;

/** Why another function or aggregation in its place changes values alone, and none that anything turns on; null where something may. */
export function unusedValue({ ast, showsValue }: MutableRule, { operator, at, what }: Mutant): string | null {
  if (at === null || (operator !== 'rate' && operator !== 'aggregation')) return null;
  const path = pathTo(ast, at.from);
  const target = path.at(-1);
  const start = target?.kind === 'aggregation' ? target.opSpan : target?.kind === 'call' ? target.funcSpan : null;
  if (start?.from !== at.from) return null;
  if (onlyPresence(path) && (operator === 'aggregation' || SCALED.test(what))) {
    return 'only whether there is a value counts, not which';
  }
  if (showsValue || !(operator === 'rate' ? SCALED : AVERAGED).test(what)) return null;
  return onlySign(path, operator === 'rate')
    ? 'one is the other times something above 0, and only the sign counts'
    : null;
}

/** The nodes from the root to the aggregation or call whose name stands at a place. */
function pathTo(ast: Expr, at: number): Expr[] {
  const path: Expr[] = [];
  for (let node: Expr | undefined = ast; node !== undefined; ) {
    path.push(node);
    if ((node.kind === 'aggregation' && node.opSpan.from === at) || (node.kind === 'call' && node.funcSpan.from === at))
      break;
    node = children(node).find(({ from, to }) => from <= at && at < to);
  }
  return path;
}

/** Whether what stands over the last node counts its elements, or matches their labels, whatever their values. */
function onlyPresence(path: readonly Expr[]): boolean {
  const [over, target] = path.slice(-2);
  if (over?.kind === 'aggregation') return (over.op === 'count' || over.op === 'group') && over.expr === target;
  return over?.kind === 'binary' && (over.op === 'and' || over.op === 'unless') && over.right === target;
}

/** Whether a comparison with 0 is all that is made of the value of the last node, up to factors; `uniform`: all elements change by the same one. */
function onlySign(path: readonly Expr[], uniform: boolean): boolean {
  for (let at = path.length - 2; at >= 0; at -= 1) {
    const [node, below] = [path[at] as Expr, path[at + 1] as Expr];
    if (node.kind === 'binary' && isComparison(node.op)) {
      const zero = node.right.kind === 'number' && node.right.value === 0;
      const outer = path.slice(0, at);
      return (
        zero &&
        node.left === below &&
        node.bool === null &&
        outer.every((each) => each.kind === 'binary' && isSetOperator(each.op))
      );
    }
    if (node.kind === 'binary' && (node.op === '*' || node.op === '/')) continue;
    // One factor for all comes out of a sum; one a group does not.
    if (node.kind === 'aggregation' && uniform && ['sum', 'avg', 'max', 'min'].includes(node.op)) continue;
    return false;
  }
  return false;
}
