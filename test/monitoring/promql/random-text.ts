import type { Random } from './random.ts';

const METRICS = [
  'up',
  'http_requests_total',
  'x_bucket',
  'queue_length',
  'job:up:sum',
  'x_percent',
  'cache_hits_total',
  'ALERTS',
];
const LABELS = ['job', 'instance', 'status', 'le', 'code'];
const VALUES = ['a', '5..', '.*', '', 'error|failed', 'api-[0-9]+', '(', 'a"b'];
const WINDOWS = ['10s', '1m', '5m', '1h30m', '2d'];
const NUMBERS = ['0', '1', '0.1', '95', '-3', '1e3', 'Inf', 'NaN'];
const WINDOWED = ['rate', 'increase', 'delta', 'irate', 'deriv', 'max_over_time', 'absent_over_time', 'changes'];
const FUNCTIONS = [
  ...[
    'rate',
    'absent',
    'abs',
    'scalar',
    'vector',
    'time',
    'hour',
    'histogram_quantile',
    'label_replace',
    'clamp_max',
    'round',
  ],
  ...['timestamp', 'predict_linear', 'sort', 'nope'],
];
const AGGREGATIONS = ['sum', 'avg', 'count', 'max', 'topk', 'quantile', 'count_values', 'group'];
const OPERATORS = [
  ...['+', '-', '*', '/', '%', '^', '==', '!=', '>', '<', '>=', '<=', 'and', 'or', 'unless', '> bool', 'atan2'],
];

/** An expression by the grammar of PromQL whose types may be wrong, as those of people are. */
export function randomText(random: Random, depth: number): string {
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: random.int(most + 1) }, make);
  const labels = () => some(2, () => random.pick(LABELS)).join(', ');
  const inner = () => randomText(random, depth - 1);
  if (depth <= 0) return random.int(3) > 0 ? selector(random) : random.pick(NUMBERS);
  switch (random.int(9)) {
    case 0:
      return selector(random);
    case 1:
      return `${selector(random)}[${random.pick(WINDOWS)}]`;
    case 2:
      return `${random.pick(WINDOWED)}(${selector(random)}[${random.pick(WINDOWS)}])`;
    case 3:
      return `${random.pick(FUNCTIONS)}(${some(2, inner).join(', ')})`;
    case 4:
      return `${random.pick(AGGREGATIONS)} ${random.pick(['by', 'without'])} (${labels()}) (${some(1, () => `${random.pick(NUMBERS)}, `).join('')}${inner()})`;
    case 5:
      return `(${inner()})[${random.pick(WINDOWS)}:${some(1, () => random.pick(WINDOWS)).join('')}]`;
    case 6:
      return `-${inner()}`;
    default: {
      const group = some(1, () => ` ${random.pick(['group_left', 'group_right'])} (${labels()})`).join('');
      const matching = random.int(3) > 0 ? '' : ` ${random.pick(['on', 'ignoring'])} (${labels()})${group}`;
      return `(${inner()}) ${random.pick(OPERATORS)}${matching} (${inner()})`;
    }
  }
}

function selector(random: Random): string {
  const matchers = Array.from(
    { length: random.int(3) },
    () => `${random.pick(LABELS)}${random.pick(['=', '!=', '=~', '!~'])}${JSON.stringify(random.pick(VALUES))}`,
  );
  const braces = matchers.length > 0 ? `{${matchers.join(', ')}}` : '';
  return `${random.pick(METRICS)}${braces}${random.int(10) === 0 ? ` offset ${random.pick(WINDOWS)}` : ''}`;
}
