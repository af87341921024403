import type { SyntaxNode } from '@lezer/common';
import type { Duration } from './ast.ts';
import { type Converter, parts } from './convert.ts';
import { numberValue } from './literals.ts';

/** A window, step or offset. Constant arithmetic, as Prometheus 3 takes it, is folded; null after an error. */
export function convertDuration(converter: Converter, node: SyntaxNode): Duration | null {
  const seconds = fold(converter, node);
  if (seconds === null || !Number.isFinite(seconds)) {
    converter.fail(node, `${converter.slice(node)} is not a constant duration`);
    return null;
  }
  return { from: node.from, to: node.to, ms: Math.round(seconds * 1_000) };
}

function fold(converter: Converter, node: SyntaxNode): number | null {
  const inner = parts(node);
  const [first, second, third] = inner;
  if (first === undefined) return numberValue(converter.slice(node));
  if (second === undefined) return fold(converter, first);
  if (first.name === 'UnaryOp') {
    const value = fold(converter, second);
    return value === null ? null : converter.slice(first) === '-' ? -value : value;
  }
  if (third === undefined) return null;
  if (first.name === 'DurationMinOf' || first.name === 'DurationMaxOf') {
    const [a, b] = [fold(converter, second), fold(converter, third)];
    if (a === null || b === null) return null;
    return first.name === 'DurationMinOf' ? Math.min(a, b) : Math.max(a, b);
  }
  const [left, right] = [fold(converter, first), fold(converter, third)];
  if (left === null || right === null) return null;
  switch (second.name) {
    case 'Add':
      return left + right;
    case 'Sub':
      return left - right;
    case 'Mul':
      return left * right;
    case 'Div':
      return left / right;
    case 'Mod':
      return left % right;
    case 'Pow':
      return left ** right;
    default:
      return null;
  }
}
