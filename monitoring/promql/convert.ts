import type { SyntaxNode } from '@lezer/common';
import type { AggregationOperator, Call, Expr, PromqlError, Span } from './ast.ts';
import { convertChain, isChain } from './convert-chain.ts';
import { convertGrouping, convertSelector } from './convert-labels.ts';
import { numberValue, unquote } from './literals.ts';

/** Turns a syntax tree without error nodes into an expression; what the grammar allows and PromQL does not becomes an error. */
export class Converter {
  readonly errors: PromqlError[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  slice(node: Span): string {
    return this.#text.slice(node.from, node.to);
  }

  fail(node: Span, message: string): void {
    this.errors.push({ from: node.from, to: node.to, message });
  }

  /** The expression of a node, or null after an error. */
  expr(node: SyntaxNode): Expr | null {
    if (isChain(node)) return convertChain(this, node);
    const { from, to } = node;
    switch (node.name) {
      case 'ParenExpr':
        return this.#child(node, 0);
      case 'NumberDurationLiteral': {
        const value = numberValue(this.slice(node));
        if (value === null) this.fail(node, `${this.slice(node)} is not a number`);
        return value === null ? null : { kind: 'number', from, to, value };
      }
      case 'StringLiteral': {
        const value = this.string(node);
        return value === null ? null : { kind: 'string', from, to, value };
      }
      case 'VectorSelector':
        return convertSelector(this, node);
      case 'AggregateExpr':
        return this.#aggregation(node);
      case 'FunctionCall':
        return this.#call(node);
      default:
        this.fail(node, `${this.slice(node)}: this construct is not supported`);
        return null;
    }
  }

  /** The value of a string literal, or null after an error. */
  string(node: SyntaxNode): string | null {
    const result = unquote(this.slice(node));
    if ('value' in result) return result.value;
    this.fail(node, result.error);
    return null;
  }

  #child(node: SyntaxNode, index: number): Expr | null {
    const child = parts(node)[index];
    if (child !== undefined) return this.expr(child);
    this.fail(node, 'an expression is missing');
    return null;
  }

  #aggregation(node: SyntaxNode): Expr | null {
    const all = parts(node);
    const [operator] = all;
    const body = all.find((part) => part.name === 'FunctionCallBody');
    const grouping = all.find((part) => part.name === 'AggregateModifier');
    if (operator === undefined || body === undefined) return null;
    const args = parts(body).map((part) => this.expr(part));
    const expr = args.at(-1) ?? null;
    const param = args.length > 1 ? (args[0] ?? null) : null;
    const op = this.slice(operator).toLowerCase() as AggregationOperator;
    if (args.length === 0 || args.length > 2) {
      this.fail(body, `${op} takes ${args.length === 0 ? 'an argument' : 'no more than two arguments'}`);
    }
    if (expr === null || (args.length > 1 && param === null)) return null;
    return {
      kind: 'aggregation',
      from: node.from,
      to: node.to,
      op,
      opSpan: span(operator),
      param,
      expr,
      grouping: grouping === undefined ? null : convertGrouping(this, grouping),
    };
  }

  #call(node: SyntaxNode): Call | null {
    const [name, body] = parts(node);
    if (name === undefined) return null;
    const args = body === undefined ? [] : parts(body).map((part) => this.expr(part));
    const whole = args.filter((arg) => arg !== null);
    if (whole.length < args.length) return null;
    return { kind: 'call', from: node.from, to: node.to, func: this.slice(name), funcSpan: span(name), args: whole };
  }
}

/** The children of a node that say something. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment') found.push(child);
  }
  return found;
}

export function span({ from, to }: Span): Span {
  return { from, to };
}
