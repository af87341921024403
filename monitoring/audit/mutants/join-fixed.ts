import { type Binary, children, type Expr, isSetOperator, type Matcher } from '../../promql/ast.ts';

/**
 * Whether a join lets only those series through that a matcher lets through: it joins by the matcher's label, and the other side has the same matcher.
 * Without the matcher the same elements come out.
 */
export function isFixedByJoin(ast: Expr, matcher: Matcher): boolean {
  const path = pathTo(ast, matcher);
  for (let index = path.length - 2; index >= 0; index -= 1) {
    const node = path[index] as Expr;
    const child = path[index + 1] as Expr;
    if (node.kind === 'binary') {
      if (joinsBy(node, matcher.label) && restricts(node, child)) {
        const other = child === node.left ? node.right : node.left;
        if (isFixed(other, matcher)) return true;
      }
      if (!passesJoin(node, child, matcher.label)) return false;
    } else if (!passes(node, matcher.label)) return false;
  }
  return false;
}

/** The nodes from the root down to the selector that holds the matcher. */
function pathTo(ast: Expr, matcher: Matcher): Expr[] {
  const path: Expr[] = [];
  let node: Expr | undefined = ast;
  while (node !== undefined) {
    path.push(node);
    if (node.kind === 'selector') return path;
    node = children(node).find(({ from, to }) => from <= matcher.from && matcher.to <= to);
  }
  return path;
}

/** Whether elements find each other by a label. Between a vector and a number nothing is joined. */
function joinsBy({ matching, left, right }: Binary, label: string): boolean {
  if (left.kind === 'number' || right.kind === 'number') return false;
  if (matching === null) return true;
  return matching.on === matching.labels.includes(label);
}

/** Whether what has no partner on the other side is left out. */
function restricts(node: Binary, child: Expr): boolean {
  if (node.op === 'or') return false;
  return node.op !== 'unless' || child === node.right;
}

/** Whether a label of a side is still there, and tells elements apart, in what comes out of a binary operation. */
function passesJoin(node: Binary, child: Expr, label: string): boolean {
  if (node.left.kind === 'number' || node.right.kind === 'number') return true;
  if (isSetOperator(node.op)) return child === node.left || node.op === 'or';
  const { matching } = node;
  if (matching === null) return true;
  if (matching.on === matching.labels.includes(label)) return true;
  return (matching.group === 'left' && child === node.left) || (matching.group === 'right' && child === node.right);
}

function passes(node: Expr, label: string): boolean {
  switch (node.kind) {
    case 'aggregation':
      if (node.op === 'topk' || node.op === 'bottomk' || node.grouping === null) return false;
      return node.grouping.by === node.grouping.labels.includes(label);
    case 'call':
      return !['label_replace', 'label_join', 'absent', 'absent_over_time', 'scalar', 'vector'].includes(node.func);
    default:
      return true;
  }
}

/** Whether every element of an expression passed the same matcher, and still has the label that it looked at. */
function isFixed(expr: Expr, matcher: Matcher): boolean {
  const { label } = matcher;
  switch (expr.kind) {
    case 'selector':
      return expr.matchers.some(
        ({ label: other, op, value }) => other === label && op === matcher.op && value === matcher.value,
      );
    case 'matrix':
      return isFixed(expr.selector, matcher);
    case 'subquery':
    case 'unary':
      return isFixed(expr.expr, matcher);
    case 'aggregation':
      return passes(expr, label) && isFixed(expr.expr, matcher);
    case 'call': {
      if (!passes(expr, label)) return false;
      const vectors = expr.args.filter(({ kind }) => kind !== 'number' && kind !== 'string');
      return vectors.length > 0 && vectors.every((argument) => isFixed(argument, matcher));
    }
    case 'binary': {
      const [left, right] = [isFixed(expr.left, matcher), isFixed(expr.right, matcher)];
      if (expr.left.kind === 'number') return right;
      if (expr.right.kind === 'number') return left;
      if (expr.op === 'or') return left && right;
      if (expr.op === 'and' && joinsBy(expr, label)) return left || right;
      if (isSetOperator(expr.op)) return left;
      if (joinsBy(expr, label)) return left || right;
      return expr.matching?.group === 'left' ? left : expr.matching?.group === 'right' ? right : false;
    }
    default:
      return false;
  }
}
