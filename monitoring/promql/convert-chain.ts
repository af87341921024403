import type { SyntaxNode } from '@lezer/common';
import type { BinaryOperator, Expr } from './ast.ts';
import { type Converter, parts, span } from './convert.ts';
import { convertDuration } from './convert-duration.ts';
import { convertMatching } from './convert-labels.ts';
import { numberValue } from './literals.ts';
import { PRECEDENCE, SIGN } from './precedence.ts';

type Token =
  | { readonly type: 'operand'; readonly node: SyntaxNode; readonly suffixes: SyntaxNode[] }
  | { readonly type: 'sign'; readonly node: SyntaxNode }
  | { readonly type: 'operator'; readonly node: SyntaxNode; readonly modifiers: readonly SyntaxNode[] };

const CHAINED = new Set([
  'BinaryExpr',
  'UnaryExpr',
  'OffsetExpr',
  'StepInvariantExpr',
  'MatrixSelector',
  'SubqueryExpr',
]);

/** Whether a node is put together from operands, operators and suffixes. */
export function isChain(node: SyntaxNode): boolean {
  return CHAINED.has(node.name);
}

/**
 * Operators, signs and the suffixes of selectors, bound as Prometheus binds them. The grammar of the editor lets `offset` and `@` take all that
 * stands before them (`a > b offset 5m`), so a chain is laid out flat and put together again.
 */
export function convertChain(converter: Converter, node: SyntaxNode): Expr | null {
  const tokens: Token[] = [];
  flatten(converter, node, tokens);
  let next = 0;
  const expr = climb(0);
  return expr;

  function climb(minimum: number): Expr | null {
    let left = operand();
    for (;;) {
      const token = tokens[next];
      if (token?.type !== 'operator') return left;
      const op = converter.slice(token.node).toLowerCase() as BinaryOperator;
      const level = PRECEDENCE[op];
      if (level === undefined) converter.fail(token.node, `the operator ${op} is not supported`);
      if (level === undefined || level < minimum) return left;
      next += 1;
      const right = climb(op === '^' ? level : level + 1);
      left = left === null || right === null ? null : binary(converter, op, token, left, right);
    }
  }

  function operand(): Expr | null {
    const token = tokens[next];
    next += 1;
    if (token?.type === 'sign') {
      const inner = climb(SIGN);
      const op = converter.slice(token.node) === '-' ? '-' : '+';
      if (inner === null) return null;
      // Whether `-1` is one token or two depends on what follows; here it is a number always.
      const bare = inner.kind === 'number' && tokens[next - 1]?.node.name === 'NumberDurationLiteral';
      if (bare) return { ...inner, from: token.node.from, value: op === '-' ? -inner.value : inner.value };
      return { kind: 'unary', from: token.node.from, to: inner.to, op, expr: inner };
    }
    if (token?.type !== 'operand') {
      converter.fail(node, 'an expression is missing');
      return null;
    }
    return token.suffixes.reduce<Expr | null>(
      (inner, suffix) => (inner === null ? null : attach(converter, inner, token.node, suffix)),
      operandOf(token.node),
    );
  }

  function operandOf(atom: SyntaxNode): Expr | null {
    const text = converter.slice(atom);
    const power = tokens[next]?.type === 'operator' && converter.slice(tokens[next]?.node ?? atom) === '^';
    // The grammar takes the sign into a number, but a power binds closer than a sign.
    if (!power || atom.name !== 'NumberDurationLiteral' || !/^[+-]/.test(text)) return converter.expr(atom);
    const at = atom.from + 1 + (/^\s*/.exec(text.slice(1))?.[0].length ?? 0);
    const base: Expr = {
      kind: 'number',
      from: at,
      to: atom.to,
      value: numberValue(text.slice(1).trim()) ?? Number.NaN,
    };
    const token = tokens[next];
    next += 1;
    const exponent = climb(PRECEDENCE['^']);
    if (exponent === null || token?.type !== 'operator') return null;
    const inner = binary(converter, '^', token, base, exponent);
    return { kind: 'unary', from: atom.from, to: exponent.to, op: text.startsWith('-') ? '-' : '+', expr: inner };
  }
}

function flatten(converter: Converter, node: SyntaxNode, tokens: Token[]): void {
  const all = parts(node);
  const [first, second] = all;
  const last = all.at(-1);
  if (!isChain(node) || first === undefined || last === undefined) {
    tokens.push({ type: 'operand', node, suffixes: [] });
  } else if (node.name === 'BinaryExpr' && second !== undefined) {
    flatten(converter, first, tokens);
    tokens.push({ type: 'operator', node: second, modifiers: all.slice(2, -1) });
    flatten(converter, last, tokens);
  } else if (node.name === 'UnaryExpr') {
    tokens.push({ type: 'sign', node: first });
    flatten(converter, last, tokens);
  } else {
    flatten(converter, first, tokens);
    const operand = tokens.findLast((token) => token.type === 'operand');
    operand?.suffixes.push(node);
  }
}

function binary(
  converter: Converter,
  op: BinaryOperator,
  { node, modifiers }: { node: SyntaxNode; modifiers: readonly SyntaxNode[] },
  left: Expr,
  right: Expr,
): Expr {
  const find = (name: string) => modifiers.find((part) => part.name === name);
  const clause = find('MatchingModifierClause');
  const bool = find('BoolModifier');
  const fill = find('FillModifier');
  if (fill !== undefined) converter.fail(fill, 'fill modifiers are not supported');
  return {
    kind: 'binary',
    from: left.from,
    to: right.to,
    op,
    opSpan: span(node),
    left,
    right,
    bool: bool === undefined ? null : span(bool),
    matching: clause === undefined ? null : convertMatching(converter, clause),
  };
}

/** A range, subquery, `offset` or `@` behind an expression. */
function attach(converter: Converter, expr: Expr, atom: SyntaxNode, suffix: SyntaxNode): Expr | null {
  const [, second, third] = parts(suffix);
  const place = { from: atom.from, to: suffix.to };
  if (suffix.name === 'OffsetExpr') {
    const offset = third === undefined ? null : convertDuration(converter, third);
    return offset === null ? null : shifted(converter, expr, place, { offset });
  }
  if (suffix.name === 'StepInvariantExpr') {
    const text = third === undefined ? '' : converter.slice(third).toLowerCase();
    const at = text === 'start' || text === 'end' ? text : numberValue(text);
    return at === null ? null : shifted(converter, expr, place, { at });
  }
  const range = second === undefined ? null : convertDuration(converter, second);
  if (range === null) return null;
  if (suffix.name === 'SubqueryExpr') {
    const step = third === undefined ? null : convertDuration(converter, third);
    return { kind: 'subquery', ...place, expr, range, step, offset: null, at: null };
  }
  if (expr.kind !== 'selector' || expr.offset !== null || expr.at !== null) {
    converter.fail(place, 'a range needs a selector before it; over an expression write a subquery such as [5m:]');
    return null;
  }
  return { kind: 'matrix', ...place, selector: expr, range };
}

function shifted(
  converter: Converter,
  expr: Expr,
  place: { from: number; to: number },
  shift: Partial<Pick<Extract<Expr, { kind: 'selector' }>, 'offset' | 'at'>>,
): Expr | null {
  if (expr.kind === 'selector' || expr.kind === 'subquery') return { ...expr, ...shift, ...place };
  if (expr.kind === 'matrix') return { ...expr, ...place, selector: { ...expr.selector, ...shift } };
  converter.fail(place, 'offset and @ stand only after a selector, a range or a subquery');
  return null;
}
