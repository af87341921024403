import { type Binary, type BinaryOperator, isComparison, isSetOperator } from '../../../promql/ast.ts';
import { ModelError } from './evaluate.ts';
import { type Element, keyOf, only, unnamed, withLabel, without } from './vector.ts';
import type { Labels } from './world.ts';

/** The value of an arithmetic operator, or 1 and 0 of a comparison. */
export function compute(op: BinaryOperator, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '^':
      return a ** b;
    case 'atan2':
      return Math.atan2(a, b);
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a !== b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    case '<':
      return a < b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    default:
      return Number.NaN;
  }
}

/** What a binary operator makes of its sides. */
export function combine(expr: Binary, left: number | Element[], right: number | Element[]): number | Element[] {
  if (typeof left === 'number' && typeof right === 'number') return compute(expr.op, left, right);
  if (typeof left === 'number') return withScalar(expr, right as Element[], left, true);
  if (typeof right === 'number') return withScalar(expr, left, right, false);
  return isSetOperator(expr.op) ? joinSets(expr, left, right) : joinValues(expr, left, right);
}

function withScalar(expr: Binary, vector: readonly Element[], scalar: number, scalarLeft: boolean): Element[] {
  const { op, bool } = expr;
  return vector.flatMap(({ labels, value }) => {
    const result = scalarLeft ? compute(op, scalar, value) : compute(op, value, scalar);
    if (!isComparison(op) || bool !== null) return [{ labels: unnamed(labels), value: result }];
    return result === 1 ? [{ labels, value }] : [];
  });
}

function signature({ matching }: Binary): (labels: Labels) => string {
  if (matching === null) return (labels) => keyOf(unnamed(labels));
  if (matching.on) return (labels) => keyOf(only(labels, matching.labels));
  return (labels) => keyOf(without(unnamed(labels), matching.labels));
}

function joinSets(expr: Binary, left: readonly Element[], right: readonly Element[]): Element[] {
  const sign = signature(expr);
  if (expr.op === 'or') {
    const seen = new Set(left.map(({ labels }) => sign(labels)));
    return [...left, ...right.filter(({ labels }) => !seen.has(sign(labels)))];
  }
  const seen = new Set(right.map(({ labels }) => sign(labels)));
  return left.filter(({ labels }) => seen.has(sign(labels)) === (expr.op === 'and'));
}

function joinValues(expr: Binary, left: readonly Element[], right: readonly Element[]): Element[] {
  const { op, bool, matching } = expr;
  // Prometheus does not look at one side where the other is empty: no match is one too many.
  if (left.length === 0 || right.length === 0) return [];
  const sign = signature(expr);
  const swapped = matching?.group === 'right';
  const [many, one] = swapped ? [right, left] : [left, right];
  const partners = new Map<string, Element>();
  for (const element of one) {
    const key = sign(element.labels);
    if (partners.has(key)) throw new ModelError('several elements on the one side of a match');
    partners.set(key, element);
  }
  const results = new Map<string, Element>();
  for (const element of many) {
    const partner = partners.get(sign(element.labels));
    if (partner === undefined) continue;
    const [a, b] = swapped ? [partner.value, element.value] : [element.value, partner.value];
    const outcome = compute(op, a, b);
    const filter = isComparison(op) && bool === null;
    if (filter && outcome === 0) continue;
    const labels = resultLabels(expr, element.labels, partner.labels, filter);
    const key = keyOf(labels);
    if (results.has(key)) throw new ModelError('several matches for one element');
    results.set(key, { labels, value: filter ? a : outcome });
  }
  return [...results.values()];
}

function resultLabels({ matching }: Binary, many: Labels, one: Labels, filter: boolean): Labels {
  let labels = filter ? many : unnamed(many);
  if (matching === null) return labels;
  if (matching.group === null) {
    return matching.on ? only(labels, matching.labels) : without(labels, matching.labels);
  }
  for (const name of matching.include) labels = withLabel(labels, name, one[name] ?? '');
  return labels;
}
