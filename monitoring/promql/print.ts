import type { Binary, Expr, Matcher, TimeShift, VectorSelector } from './ast.ts';
import { quoteString } from './literals.ts';
import { PRECEDENCE, SIGN } from './precedence.ts';

const ATOM = 8;
const UNITS: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];

/** The text of an expression; parsed again it gives the same tree, apart from places. */
export function printPromql(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return printNumber(expr.value);
    case 'string':
      return quoteString(expr.value);
    case 'selector':
      return printSelector(expr) + printShift(expr);
    case 'matrix':
      return `${printSelector(expr.selector)}[${printDuration(expr.range.ms)}]${printShift(expr.selector)}`;
    case 'subquery': {
      const step = expr.step === null ? '' : printDuration(expr.step.ms);
      return `${within(expr.expr, ATOM)}[${printDuration(expr.range.ms)}:${step}]${printShift(expr)}`;
    }
    case 'unary':
      // A bare number would take the sign into itself.
      return `${expr.op}${expr.expr.kind === 'number' ? `(${printPromql(expr.expr)})` : within(expr.expr, SIGN + 1)}`;
    case 'binary':
      return printBinary(expr);
    case 'aggregation': {
      const { op, param, grouping } = expr;
      const by =
        grouping === null ? '' : ` ${grouping.by ? 'by' : 'without'} (${grouping.labels.map(label).join(', ')}) `;
      return `${op}${by}(${param === null ? '' : `${printPromql(param)}, `}${printPromql(expr.expr)})`;
    }
    case 'call':
      return `${expr.func}(${expr.args.map(printPromql).join(', ')})`;
  }
}

/** A duration as Prometheus writes it: `1h30m`, `250ms`. */
export function printDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = Math.abs(ms);
  let text = '';
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * length;
  }
  return ms < 0 ? `-${text}` : text;
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Inf' : '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function printSelector({ name, matchers }: VectorSelector): string {
  const plain = name !== null && /^[a-zA-Z_:][\w:]*$/.test(name);
  const inside = [...(name === null || plain ? [] : [quoteString(name)]), ...matchers.map(printMatcher)];
  return `${plain ? name : ''}${plain && inside.length === 0 ? '' : `{${inside.join(',')}}`}`;
}

/** A matcher as it stands in the braces of a selector. */
export function printMatcher(matcher: Matcher): string {
  return `${label(matcher.label)}${matcher.op}${quoteString(matcher.value)}`;
}

function printShift({ offset, at }: TimeShift): string {
  const moment = at === null ? '' : ` @ ${typeof at === 'string' ? `${at}()` : printNumber(at)}`;
  return `${moment}${offset === null ? '' : ` offset ${printDuration(offset.ms)}`}`;
}

function printBinary({ op, left, right, bool, matching }: Binary): string {
  const level = PRECEDENCE[op];
  const rightAssociative = op === '^';
  const words = [op, ...(bool === null ? [] : ['bool'])];
  if (matching !== null) {
    words.push(`${matching.on ? 'on' : 'ignoring'} (${matching.labels.map(label).join(', ')})`);
    // Without its own brackets the clause would swallow those of a right side such as `(a + b)`.
    if (matching.group !== null) words.push(`group_${matching.group} (${matching.include.map(label).join(', ')})`);
  }
  return `${within(left, rightAssociative ? level + 1 : level)} ${words.join(' ')} ${within(right, rightAssociative ? level : level + 1)}`;
}

function within(expr: Expr, level: number): string {
  const text = printPromql(expr);
  return tightness(expr) < level ? `(${text})` : text;
}

function tightness(expr: Expr): number {
  if (expr.kind === 'binary') return PRECEDENCE[expr.op];
  if (expr.kind === 'unary') return SIGN;
  if (expr.kind === 'number') return expr.value < 0 || Object.is(expr.value, -0) ? SIGN : ATOM;
  return ATOM;
}

function label(name: string): string {
  return /^[a-zA-Z_]\w*$/.test(name) ? name : quoteString(name);
}
