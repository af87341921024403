import { expect, test } from 'vitest';
import { compareOnClocks } from './equivalence.ts';

/** One expression for each construct whose meaning depends on time. */
const CONSTRUCTS = [
  'rate(errors_total[5m]) > 0.013',
  'irate(errors_total[5m])',
  'deriv(queue_depth[10m])',
  'increase(errors_total[5m]) > 3',
  'delta(queue_depth[7m])',
  'count(rate(errors_total[5m])) / sum(rate(errors_total[5m]))',
  'sum(rate(errors_total[5m])) / (sum(rate(http_requests_total[5m])) > 20)',
  '(rate(errors_total[5m]) and rate(http_requests_total[5m]) > 0.5) / rate(http_requests_total[5m])',
  'sum(rate(errors_total[5m])) * sum(rate(http_requests_total[5m]))',
  'rate(errors_total[5m]) / rate(http_requests_total[5m]) / rate(http_requests_total[9m])',
  'histogram_quantile(0.9, sum by (le) (rate(latency_bucket[5m])))',
  'predict_linear(queue_depth[20m], 4 * 3600)',
  'predict_linear(queue_depth[20m], time() / 4)',
  'queue_depth - queue_depth offset 5m',
  'queue_depth - queue_depth offset -5m',
  'avg_over_time(queue_depth[5m] offset 10m)',
  'max_over_time(rate(errors_total[5m])[20m:2m])',
  'max_over_time(rate(errors_total[5m])[20m:])',
  'avg_over_time(queue_depth[10m:1m] offset 4m)',
  'time() - started > 1817',
  'time() - timestamp(queue_depth)',
  'timestamp(queue_depth offset 3m)',
  'minute()',
  'hour()',
  'minute(timestamp(queue_depth))',
  'minute(vector(time() + 500))',
  'queue_depth @ 1800',
  'rate(errors_total[5m] @ 1800 offset 3m)',
  'rate(errors_total[5m] @ end())',
  'count_over_time(queue_depth[10m])',
  'changes(up[10m])',
  'absent_over_time(up{job="nowhere"}[5m])',
  'queue_depth > 1h',
];

test.each([
  ['60 times faster, a minute is a second', { gridMs: 60_000, factor: 60, lead: 0 }],
  ['300 times faster, from a later moment on', { gridMs: 60_000, factor: 300, lead: 90 }],
  ['37 times faster', { gridMs: 37_000, factor: 37, lead: 60 }],
])('original and scaled expressions agree in promtool: %s', async (_, clockwork) => {
  const { compared, withValue, rounded, refused, different } = await compareOnClocks(7, 100, clockwork, CONSTRUCTS);
  expect(different).toEqual([]);
  expect(refused).toEqual([]);
  // Otherwise nothing was compared with nothing.
  expect(withValue / compared).toBeGreaterThan(0.6);
  expect(rounded.length / compared).toBeLessThan(0.05);
});
