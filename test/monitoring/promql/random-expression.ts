import type { Expr, Matcher, Matching, VectorSelector } from '../../../monitoring/promql/ast.ts';
import type { Random } from './random.ts';

const PLACE = { from: 0, to: 0 };
const PLAIN_METRICS = ['up', 'http_requests_total', 'errors_total', 'queue_depth', 'job:rate:5m'];
const METRICS = [...PLAIN_METRICS, ...PLAIN_METRICS, ...PLAIN_METRICS, 'dotted.name'];
const PLAIN_LABELS = ['job', 'instance', 'code', 'le'];
const LABELS = [...PLAIN_LABELS, ...PLAIN_LABELS, ...PLAIN_LABELS, 'with space'];
const VALUES = ['api', '5..', 'a|b', '', 'qu"ote', 'back\\\\d', 'line\nbreak', 'ümläut'];
const RANGE_FUNCTIONS = [
  'rate',
  'increase',
  'delta',
  'deriv',
  'changes',
  'resets',
  'avg_over_time',
  'max_over_time',
  'count_over_time',
];
const VECTOR_FUNCTIONS = ['abs', 'ceil', 'ln', 'sqrt', 'absent', 'timestamp', 'sort', 'sgn', 'hour'];
const ARITHMETIC = ['+', '-', '*', '/', '%', '^', 'atan2'] as const;
const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='] as const;
const SETS = ['and', 'or', 'unless'] as const;
const PLAIN = ['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'] as const;
const WITH_PARAMETER = ['topk', 'bottomk', 'quantile'] as const;
const DURATIONS = [30_000, 60_000, 300_000, 3_600_000, 5_400_000];

/** A well-typed instant vector, as deep as `depth`. */
export function randomVector(random: Random, depth: number): Expr {
  if (depth <= 0) return randomSelector(random);
  switch (random.int(9)) {
    case 0:
      return randomSelector(random);
    case 1:
      return call(random.pick(RANGE_FUNCTIONS), [randomRange(random, depth - 1)]);
    case 2:
      return call(random.pick(VECTOR_FUNCTIONS), [randomVector(random, depth - 1)]);
    case 3:
      return { kind: 'unary', op: random.pick(['-', '+'] as const), expr: randomVector(random, depth - 1), ...PLACE };
    case 4:
    case 5: {
      const parameter = random.chance(0.2);
      return {
        kind: 'aggregation',
        op: parameter ? random.pick(WITH_PARAMETER) : random.pick(PLAIN),
        opSpan: PLACE,
        param: parameter ? number(random.pick([1, 3, 0.5])) : null,
        expr: randomVector(random, depth - 1),
        grouping: random.chance(0.6) ? { by: random.chance(0.7), labels: labels(random), ...PLACE } : null,
        ...PLACE,
      };
    }
    case 6:
      return binary(random, random.pick(SETS), randomVector(random, depth - 1), randomVector(random, depth - 1));
    default: {
      const left = randomVector(random, depth - 1);
      const right = random.chance(0.6) ? randomScalar(random, depth - 1) : randomVector(random, depth - 1);
      const op = random.chance(0.5) ? random.pick(ARITHMETIC) : random.pick(COMPARISONS);
      return random.chance(0.8) ? binary(random, op, left, right) : binary(random, op, right, left);
    }
  }
}

function randomScalar(random: Random, depth: number): Expr {
  if (depth <= 0 || random.chance(0.6)) return number(random.pick([0, 1, -1, 0.5, 100, 1e9, 3600, Infinity]));
  if (random.chance(0.3)) return call('time', []);
  if (random.chance(0.4)) return call('scalar', [randomVector(random, depth - 1)]);
  const op = random.pick(ARITHMETIC);
  return binary(random, op, randomScalar(random, depth - 1), randomScalar(random, depth - 1));
}

function randomRange(random: Random, depth: number): Expr {
  const range = { ms: random.pick(DURATIONS), ...PLACE };
  if (depth <= 0 || random.chance(0.8)) return { kind: 'matrix', selector: randomSelector(random), range, ...PLACE };
  const step = random.chance(0.5) ? null : { ms: random.pick([60_000, 120_000]), ...PLACE };
  return { kind: 'subquery', expr: randomVector(random, depth - 1), range, step, offset: null, at: null, ...PLACE };
}

function randomSelector(random: Random): VectorSelector {
  const matchers: Matcher[] = [];
  while (random.chance(0.4)) {
    const op = random.pick(['=', '!=', '=~', '!~'] as const);
    matchers.push({ label: random.pick(LABELS), op, value: random.pick(VALUES), ...PLACE });
  }
  const offset = random.chance(0.1) ? { ms: random.pick([...DURATIONS, -60_000]), ...PLACE } : null;
  const at = random.chance(0.03) ? random.pick([1_000, 'start', 'end'] as const) : null;
  return { kind: 'selector', name: random.pick(METRICS), matchers, offset, at, ...PLACE };
}

function binary(
  random: Random,
  op: (typeof ARITHMETIC | typeof COMPARISONS | typeof SETS)[number],
  left: Expr,
  right: Expr,
): Expr {
  const scalar = isScalar(left) || isScalar(right);
  const comparison = (COMPARISONS as readonly string[]).includes(op);
  const set = (SETS as readonly string[]).includes(op);
  const matching = scalar || random.chance(0.6) ? null : randomMatching(random, !set);
  const bool = comparison && ((isScalar(left) && isScalar(right)) || random.chance(0.2)) ? PLACE : null;
  return { kind: 'binary', op, opSpan: PLACE, left, right, bool, matching, ...PLACE };
}

function randomMatching(random: Random, mayGroup: boolean): Matching {
  const on = random.chance(0.7);
  const matched = labels(random);
  const group = mayGroup && random.chance(0.4) ? random.pick(['left', 'right'] as const) : null;
  const include = group !== null && random.chance(0.5) ? ['version'] : [];
  return { on, labels: matched, group, include, ...PLACE };
}

function isScalar(expr: Expr): boolean {
  if (expr.kind === 'number') return true;
  if (expr.kind === 'call') return expr.func === 'time' || expr.func === 'scalar';
  return expr.kind === 'binary' && isScalar(expr.left) && isScalar(expr.right);
}

function labels(random: Random): string[] {
  return [...PLAIN_LABELS.filter(() => random.chance(0.3)), ...(random.chance(0.03) ? ['with space'] : [])];
}

function number(value: number): Expr {
  return { kind: 'number', value, ...PLACE };
}

function call(func: string, args: Expr[]): Expr {
  return { kind: 'call', func, funcSpan: PLACE, args, ...PLACE };
}
