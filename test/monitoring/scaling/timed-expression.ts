import type { Random } from '../promql/random.ts';

const COUNTERS = ['http_requests_total', 'errors_total'];
const GAUGES = ['queue_depth', 'job:rate:5m'];
const WINDOWS = ['2m', '3m30s', '5m', '10m', '30m'];
const STEPS = ['', '1m', '90s', '5m'];
const OFFSETS = ['', '', '', ' offset 1m', ' offset 7m30s', ' offset -2m', ' @ 1800', ' @ 1830 offset 3m', ' @ end()'];
/** timestamp() of 2.42 finds nothing where `@` stands with an offset beyond the look-back. */
const SMALL_OFFSETS = ['', ' offset 1m', ' offset -2m', ' @ 1800'];
const COUNTER_FUNCTIONS = ['rate', 'increase', 'irate', 'resets', 'changes'];
const GAUGE_FUNCTIONS = [
  ...['delta', 'idelta', 'deriv', 'changes', 'avg_over_time', 'sum_over_time', 'min_over_time', 'max_over_time'],
  ...[
    'count_over_time',
    'last_over_time',
    'present_over_time',
    'stddev_over_time',
    'stdvar_over_time',
    'absent_over_time',
  ],
];
const CALENDAR = ['hour', 'minute', 'day_of_week', 'day_of_month', 'days_in_month', 'month', 'year'];
const LIMITS = ['0', '0.013', '0.21', '1.7', '33.3', '512.9', '2017.3'];

/** An expression around one of the constructs that read, divide by or count time, as people write them. */
export function timedExpression(random: Random): string {
  const inner = timed(random);
  if (random.chance(0.4)) return inner;
  const op = random.pick(['>', '<', '> bool', '<= bool', '*', '/', '-', '+']);
  return random.chance(0.8)
    ? `(${inner}) ${op} ${random.pick(LIMITS)}`
    : `(${inner}) ${random.pick(['and', 'or', 'unless', '/ on (job, instance) group_left ()'])} (${timed(random)})`;
}

function timed(random: Random): string {
  const matchers = random.pick(['', '{job="api"}', '{code=~"5.."}', '{instance!="b"}']);
  const counter = `${random.pick(COUNTERS)}${matchers}`;
  const gauge = `${random.pick(GAUGES)}${random.pick(['', '{job="api"}', '{instance="a"}'])}`;
  const window = random.pick(WINDOWS);
  const shift = random.pick(OFFSETS);
  const sum = random.pick(['sum by (job)', 'sum', 'avg by (instance)', 'max by (job, instance)', '']);
  switch (random.int(14)) {
    case 0:
    case 1:
      return `${sum} (${random.pick(COUNTER_FUNCTIONS)}(${counter}[${window}]${shift}))`;
    case 2:
      return `${sum} (${random.pick(GAUGE_FUNCTIONS)}(${gauge}[${window}]${shift}))`;
    case 3:
      return `${random.pick(['', '100 * '])}sum by (job) (rate(errors_total${matchers}[${window}]${shift})) / ${random.pick(['', '2 * '])}sum by (job) (rate(http_requests_total[${window}]${shift}))`;
    case 4:
      return `(sum(rate(errors_total{code="5x"}[${window}])) or vector(0)) / (sum(rate(http_requests_total[${window}])) > ${random.pick(['0', '0.3'])})`;
    case 5:
      return `histogram_quantile(${random.pick(['0.5', '0.95'])}, sum by (le, job) (${random.pick(['rate', 'increase', 'irate'])}(latency_bucket[${window}]${shift})))`;
    case 6:
      return `predict_linear(${gauge}[${window}]${shift}, ${random.pick(['600', '4 * 3600', '-300', 'time() / 4'])})`;
    case 7:
      return `${random.pick(['max', 'min', 'avg', 'sum', 'count', 'quantile'])}_over_time(${random.pick(['', '0.9, '])}rate(${counter}[${window}])[${random.pick(['10m', '25m'])}:${random.pick(STEPS)}]${shift})`.replace(
        /^(quantile_over_time\()(?!0)|^((?!quantile)\w+\()0.9, /,
        (_, quantile, other) => (quantile === undefined ? other : `${quantile}0.9, `),
      );
    case 8:
      return `quantile_over_time(0.75, ${gauge}[${window}]${shift})`;
    case 9:
      return `time() - ${random.pick(['started', `timestamp(${gauge})`, 'max by (job) (started)', `timestamp(${gauge}${random.pick(SMALL_OFFSETS)})`])}`;
    case 10:
      return random.pick([
        `${gauge} and on () (${random.pick(CALENDAR)}() ${random.pick(['>', '<', '=='])} ${random.int(40)})`,
        `${random.pick(CALENDAR)}(${random.pick(['', 'vector(time() + 4000)', `timestamp(${gauge})`, 'started * 30'])})`,
      ]);
    case 11:
      return `holt_winters(${gauge}[${window}], 0.5, 0.3)`;
    case 12:
      return `${gauge} ${random.pick(['-', '/', '>'])} (${gauge}${random.pick(OFFSETS)})`;
    default:
      return `${random.pick(['delta', 'deriv', 'changes', 'max_over_time'])}((${gauge} * 2)[${random.pick(['10m', '20m'])}:${random.pick(STEPS)}]${shift})`;
  }
}
