import { expect, test } from 'vitest';
import { scaleExpression } from '../../../monitoring/scaling/expression.ts';
import { refusalText } from '../../../monitoring/scaling/refusal.ts';

const clock = { startMs: 1_000_000, factor: 60, virtualStartMs: 7_200_000 };
const context = { factor: 60, clock, evaluationIntervalMs: 15_000 };

test.each([
  ['a window', 'increase(x[5m]) > 0', 'increase(x[5s]) > 0'],
  ['a compound window', 'delta(x[1h30m])', 'delta(x[1m30s])'],
  ['a window in plain seconds, as Prometheus 3 takes it', 'increase(x[300])', 'increase(x[5s])'],
  ['a window that Prometheus 3 computes', 'increase(x[max_of(1h, 2m) + 60 * 2])', 'increase(x[1m2s])'],
  ['an offset', 'x offset 5m', 'x offset 5s'],
  ['an offset into the future', 'x offset -5m', 'x offset -5s'],
  ['an offset of nothing', 'x offset 0s', 'x offset 0s'],
  ['the offset of the selector alone that stands before it', 'a > b offset 5m', 'a > b offset 5s'],
  ['the offset of a range', 'increase(x[5m] offset 1h)', 'increase(x[5s] offset 1m)'],
  [
    'both parts of a subquery, and its offset',
    'max_over_time(x[1h:30s] offset 1h)',
    'max_over_time(x[1m:500ms] offset 1m)',
  ],
  ['a subquery without a step, which has that of the server', 'max_over_time(x[1h:])', 'max_over_time(x[1m:250ms])'],
  ['rate against a limit', 'rate(x[5m]) > 2', 'rate(x[5s]) / 60 > 2'],
  ['rate divided by a number', 'sum(rate(x[5m])) / 3', 'sum(rate(x[5s]) / 60) / 3'],
  ['rate in a ratio', 'sum(rate(e[5m])) / sum(rate(x[5m]))', 'sum(rate(e[5s])) / sum(rate(x[5s]))'],
  ['rate in a percentage', '100 * sum(rate(e[5m])) / sum(rate(x[5m]))', '100 * sum(rate(e[5s])) / sum(rate(x[5s]))'],
  [
    'rate in a ratio that leaves out no traffic',
    'sum(rate(e[5m])) / (sum(rate(x[5m])) > 0)',
    'sum(rate(e[5s])) / (sum(rate(x[5s])) > 0)',
  ],
  [
    'rate in a ratio that leaves out little traffic',
    'sum(rate(e[5m])) / (sum(rate(x[5m])) > 5)',
    'sum(rate(e[5s]) / 60) / (sum(rate(x[5s]) / 60) > 5)',
  ],
  [
    'rate in a ratio that is zero without errors',
    '(sum(rate(e[5m])) or vector(0)) / sum(rate(x[5m]))',
    '(sum(rate(e[5s])) or vector(0)) / sum(rate(x[5s]))',
  ],
  [
    'rate in a ratio with a condition of its own',
    '(rate(e[5m]) and rate(x[5m]) > 2) / rate(x[5m])',
    '(rate(e[5s]) and rate(x[5s]) / 60 > 2) / rate(x[5s])',
  ],
  [
    'rate under a boolean comparison, which is not per second',
    'sum(rate(e[5m])) / (sum(rate(x[5m])) > bool 0)',
    'sum(rate(e[5s]) / 60) / (sum(rate(x[5s]) / 60) > bool 0)',
  ],
  [
    'rate in a ratio of a ratio',
    'rate(a[1m]) / rate(b[1m]) / rate(c[1m])',
    'rate(a[1s]) / rate(b[1s]) / (rate(c[1s]) / 60)',
  ],
  ['rate in a ratio with increase', 'rate(a[1m]) / increase(b[1m])', 'rate(a[1s]) / 60 / increase(b[1s])'],
  ['rate in a product', 'rate(a[1m]) * rate(b[1m])', 'rate(a[1s]) / 60 * (rate(b[1s]) / 60)'],
  [
    'rate in a histogram',
    'histogram_quantile(0.9, sum by (le) (rate(b[5m]))) > 0.5',
    'histogram_quantile(0.9, sum by (le) (rate(b[5s]))) > 0.5',
  ],
  ['the mean of a native histogram', 'histogram_avg(rate(b[5m]))', 'histogram_avg(rate(b[5s]))'],
  ['the observations of a native histogram', 'histogram_count(rate(b[5m]))', 'histogram_count(rate(b[5s]) / 60)'],
  ['rate inside a subquery', 'max_over_time(rate(x[5m])[1h:1m])', 'max_over_time((rate(x[5s]) / 60)[1m:1s])'],
  ['irate and deriv', 'irate(x[5m]) + deriv(y[5m])', 'irate(x[5s]) / 60 + deriv(y[5s]) / 60'],
  ['the seconds of predict_linear', 'predict_linear(x[4h], 4*3600) < 0', 'predict_linear(x[4m], 4 * 3600 / 60) < 0'],
  ['plain seconds of predict_linear', 'predict_linear(x[4h], 14400) < 0', 'predict_linear(x[4m], 240) < 0'],
  ['no duration that is a number', 'x > 1h', 'x > 3600'],
  ['no bound of a bucket', 'x_bucket{le="300"}', 'x_bucket{le="300"}'],
  ['no text that looks like a duration', 'sloth:ratio_rate5m{window="5m"} > 1', 'sloth:ratio_rate5m{window="5m"} > 1'],
  ['counts over samples', 'count_over_time(x[5m]) < 3', 'count_over_time(x[5s]) < 3'],
  ['the time', 'time() - x > 3600', '7200 + (time() - 1000) * 60 - x > 3600'],
  [
    'the time of a sample',
    'time() - timestamp(x) > 60',
    '7200 + (time() - 1000) * 60 - (7200 + (timestamp(x) - 1000) * 60) > 60',
  ],
  ['when a sample was the largest', 'ts_of_max_over_time(x[5m])', '7200 + (ts_of_max_over_time(x[5s]) - 1000) * 60'],
  ['when a counter began', 'start_timestamp(x)', '7200 + (start_timestamp(x) - 1000) * 60'],
  ['the ends of the query as numbers', 'x > end()', 'x > 7200 + (end() - 1000) * 60'],
  ['the calendar', 'hour() > 8', 'hour(vector(7200 + (time() - 1000) * 60)) > 8'],
  ['the calendar of a value', 'hour(x) > 8', 'hour(x) > 8'],
  ['the calendar of the time', 'hour(vector(time())) > 8', 'hour(vector(7200 + (time() - 1000) * 60)) > 8'],
  ['a moment', 'x @ 10800', 'x @ 1060'],
  ['a moment between milliseconds', 'x @ 10800.1', 'x @ 1060.002'],
  ['not the ends of the query', 'increase(x[5m] @ end() offset 1m)', 'increase(x[5s] @ end() offset 1s)'],
])('scales %s', (_, original, scaled) => {
  expect(scaleExpression(original, context)).toEqual({ expr: scaled });
});

test.each([
  ['time() without a virtual clock', 'time() - x > 3600', 'time() reads the time, and there is no virtual clock'],
  ['hour() without a virtual clock', 'hour() > 8', 'hour() reads the time, and there is no virtual clock'],
  ['a moment without a virtual clock', 'x @ 1700000000', '@ 1700000000 names a moment, and there is no virtual clock'],
  ['a window that would vanish', 'increase(x[10ms])', '[10ms] divided by 60 is under a millisecond'],
  ['an offset that would vanish', 'x offset -20ms', 'offset -20ms divided by 60 is under a millisecond'],
  ['a step that would vanish', 'max_over_time(x[1h:5ms])', '[:5ms] divided by 60 is under a millisecond'],
  [
    'states of alerts as moments',
    'ALERTS_FOR_STATE > 5',
    'ALERTS_FOR_STATE holds whole seconds of wall time, too coarse for a faster clock',
  ],
  ['a window of the step of a query', 'increase(x[step() * 5])', /step\(\) \* 5 is not a constant duration/],
  ['an anchored window', 'increase(x[5m] anchored)', /anchored: this construct is not supported/],
  ['a smoothed window', 'rate(x[5m] smoothed)', /smoothed: this construct is not supported/],
  ['values filled in', 'a + fill(0) b', /fill modifiers are not supported/],
  ['a broken expression', 'rate(x[5m', /^the expression cannot be read: .* \(character \d+\)$/],
  ['an expression of the wrong type', 'rate(x)', /cannot be read: rate\(\) takes a range/],
])('refuses %s', (_, expr, reason) => {
  const result = scaleExpression(expr, { ...context, clock: null });
  expect('refused' in result && refusalText(result.refused)).toEqual(
    typeof reason === 'string' ? reason : expect.stringMatching(reason),
  );
});

test('without an interval of the server, a subquery without a step stays so', () => {
  expect(scaleExpression('max_over_time(x[1h:])', { ...context, evaluationIntervalMs: null })).toEqual({
    expr: 'max_over_time(x[1m:])',
  });
});
