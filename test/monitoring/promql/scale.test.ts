import { expect, test } from 'vitest';
import { scaleExpression } from '../../../monitoring/promql/scale.ts';

test.each([
  ['a window', 'increase(x[5m]) > 0', 'increase(x[5000ms]) > 0'],
  ['a compound window', 'delta(x[1h30m])', 'delta(x[90000ms])'],
  ['a window in plain seconds, as Prometheus 3 takes it', 'increase(x[300])', 'increase(x[5000ms])'],
  ['an offset', 'x offset 5m', 'x offset 5000ms'],
  ['an offset into the future', 'x offset -5m', 'x offset -5000ms'],
  ['an offset of nothing', 'x offset 0s', 'x offset 0s'],
  ['both parts of a subquery', 'max_over_time(x[1h:30s])', 'max_over_time(x[60000ms:500ms])'],
  ['a subquery without a step', 'max_over_time(x[1h:])', 'max_over_time(x[60000ms:])'],
  ['rate against a limit', 'rate(x[5m]) > 2', '(rate(x[5000ms]) / 60) > 2'],
  ['rate divided by a number', 'sum(rate(x[5m])) / 3', 'sum((rate(x[5000ms]) / 60)) / 3'],
  ['rate in a ratio', 'sum(rate(e[5m])) / sum(rate(x[5m]))', 'sum(rate(e[5000ms])) / sum(rate(x[5000ms]))'],
  [
    'rate in a ratio that leaves out no traffic',
    'sum(rate(e[5m])) / (sum(rate(x[5m])) > 0)',
    'sum(rate(e[5000ms])) / (sum(rate(x[5000ms])) > 0)',
  ],
  [
    'rate under a boolean comparison, which is not per second',
    'sum(rate(e[5m])) / (sum(rate(x[5m])) > bool 0)',
    'sum((rate(e[5000ms]) / 60)) / (sum((rate(x[5000ms]) / 60)) > bool 0)',
  ],
  [
    'rate in a ratio of a ratio',
    'rate(a[1m])/rate(b[1m])/rate(c[1m])',
    'rate(a[1000ms])/rate(b[1000ms])/(rate(c[1000ms]) / 60)',
  ],
  ['rate in a ratio with increase', 'rate(a[1m]) / increase(b[1m])', '(rate(a[1000ms]) / 60) / increase(b[1000ms])'],
  [
    'rate in a histogram',
    'histogram_quantile(0.9, sum by (le) (rate(b[5m]))) > 0.5',
    'histogram_quantile(0.9, sum by (le) (rate(b[5000ms]))) > 0.5',
  ],
  ['rate inside a subquery', 'max_over_time(rate(x[5m])[1h:])', 'max_over_time((rate(x[5000ms]) / 60)[60000ms:])'],
  ['irate and deriv', 'irate(x[5m]) + deriv(y[5m])', '(irate(x[5000ms]) / 60) + (deriv(y[5000ms]) / 60)'],
  [
    'the seconds of predict_linear',
    'predict_linear(x[4h], 4*3600) < 0',
    'predict_linear(x[240000ms], ((4*3600) / 60)) < 0',
  ],
  ['no duration that is a number', 'x > 1h', 'x > 1h'],
  ['no text that looks like a duration', 'sloth:ratio_rate5m{window="5m"} > 1', 'sloth:ratio_rate5m{window="5m"} > 1'],
])('scales %s', (_, original, scaled) => {
  expect(scaleExpression(original, 60)).toEqual({ expr: scaled });
});

test.each([
  ['time()', 'time() - x > 3600', /time\(\) reads the clock/],
  ['the @ modifier', 'x @ 1700000000', /absolute time/],
  ['a computed duration', 'rate(x[5m + 1m])', /computed/],
  ['a window that would vanish', 'rate(x[10ms])', /under a millisecond/],
  ['a broken expression', 'rate(x[5m', /not PromQL: error at column \d+/],
])('refuses %s', (_, expr, reason) => {
  expect(scaleExpression(expr, 60)).toEqual({ refused: expect.stringMatching(reason) });
});
