import type { SyntaxNode } from '@lezer/common';

/** Functions whose result is per second, and so grows with the speed of the clock. */
const PER_SECOND = new Set(['rate', 'irate', 'deriv']);
/** Aggregations whose result grows by a factor when all their inputs do. */
const LINEAR_AGGREGATION = new Set(['sum', 'avg', 'min', 'max']);

/** Whether a function's result is per second. */
export function isPerSecond(functionName: string): boolean {
  return PER_SECOND.has(functionName);
}

/**
 * Whether the unit of a per-second call cancels out further up: in the histogram of `histogram_quantile` and
 * `histogram_fraction`, or in a division of two expressions that are both per second.
 */
export function perSecondCancels(call: SyntaxNode, source: string): boolean {
  let node = call;
  for (let parent = call.parent; parent !== null; node = parent, parent = parent.parent) {
    if (parent.name === 'BinaryExpr' && operator(parent, source) === '/') {
      return isLinear(left(parent), source) && isLinear(right(parent), source);
    }
    if (parent.name === 'FunctionCall' && /^histogram_(quantile|fraction)\s*\(/.test(text(parent, source))) {
      return isLinear(argument(node), source);
    }
    if (parent.name !== 'FunctionCallBody' && parent.name !== 'FunctionCall' && !isLinear(parent, source)) return false;
    if (parent.name === 'FunctionCall') return false;
  }
  return false;
}

/** Whether the value of an expression grows by the same factor as every per-second call in it. */
function isLinear(node: SyntaxNode | null, source: string): boolean {
  switch (node?.name) {
    case 'ParenExpr':
      return isLinear(node.firstChild, source);
    case 'FunctionCall':
      return isPerSecond(/^\w+/.exec(text(node, source))?.[0].toLowerCase() ?? '');
    case 'AggregateExpr':
      return (
        LINEAR_AGGREGATION.has(/^\w+/.exec(text(node, source))?.[0].toLowerCase() ?? '') && isLinear(body(node), source)
      );
    case 'BinaryExpr':
      return isLinearOperation(node, source);
    default:
      return false;
  }
}

function isLinearOperation(node: SyntaxNode, source: string): boolean {
  const sign = operator(node, source);
  if (['+', '-', 'or'].includes(sign)) return isLinear(left(node), source) && isLinear(right(node), source);
  // A filter against zero is the same at every speed.
  if (['>', '>=', '!='].includes(sign) && node.getChild('BoolModifier') === null) {
    return isLinear(left(node), source) && text(right(node), source) === '0';
  }
  return false;
}

function left(node: SyntaxNode): SyntaxNode | null {
  return node.firstChild;
}

function right(node: SyntaxNode): SyntaxNode | null {
  return node.lastChild;
}

function operator(node: SyntaxNode, source: string): string {
  return text(node.firstChild?.nextSibling ?? null, source).trim();
}

function body(aggregation: SyntaxNode): SyntaxNode | null {
  return argument(aggregation.getChild('FunctionCallBody'));
}

/** The last argument inside the parentheses of a call. */
function argument(callBody: SyntaxNode | null): SyntaxNode | null {
  return callBody?.lastChild ?? null;
}

function text(node: SyntaxNode | null, source: string): string {
  return node === null ? '' : source.slice(node.from, node.to);
}
