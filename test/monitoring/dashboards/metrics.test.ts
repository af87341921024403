import { describe, expect, test } from 'vitest';
import { interpolate, unresolved } from '../../../monitoring/dashboards/interpolate.ts';
import { SystemMetrics } from '../../../monitoring/dashboards/metrics.ts';
import { catalogueOf, SHOP } from '../support.ts';

const [shop] = catalogueOf(SHOP).systems;
if (shop === undefined) throw new Error('no system');
const metrics = new SystemMetrics(shop);

describe('a panel cannot ask for', () => {
  test.each([
    {
      name: 'a metric that nobody exports',
      ask: () => metrics.rate('nobody_total'),
      says: /none of its services exports/,
    },
    { name: 'the rate of a histogram', ask: () => metrics.rate('http_request_duration_seconds'), says: /as a counter/ },
    {
      name: 'a label that is not there',
      ask: () => metrics.rate('http_requests_total', { by: ['tool'] }),
      says: /label tool/,
    },
    {
      name: 'a matcher on a label that is not there',
      ask: () => metrics.rate('http_requests_total', { where: ['code="500"'] }),
      says: /label code/,
    },
    {
      name: 'a share below a bound without a bucket',
      ask: () => metrics.within('http_request_duration_seconds', 0.3),
      says: /no bucket that ends at 0.3/,
    },
  ])('$name', ({ ask, says }) => {
    expect(ask).toThrow(says);
    expect(ask).toThrow(/catalogue-0\.yaml:\d+:\d+/);
  });

  test('while one that is there gives a query', () => {
    expect(metrics.rate('http_requests_total', { by: ['status'] })).toBe(
      'sum by (status) (rate(http_requests_total{system="$system",service=~"$service",environment=~"$environment"}[$__rate_interval]))',
    );
    expect(metrics.within('http_request_duration_seconds', 1)).toContain('le=~"1([.]0)?"');
  });
});

describe('variables are filled in as Grafana does it', () => {
  const around = {
    values: new Map<string, string | string[] | { all: string }>([
      ['system', 'shop'],
      ['service', { all: '.*' }],
      ['environment', ['sim']],
      ['target', ['shop/api', 'shop/a.b']],
    ]),
    stepMs: 15_000,
    scrapeIntervalMs: 30_000,
    rangeMs: 3_600_000,
  };
  test.each([
    { name: 'one value', text: 'up{system="$system"}', filled: 'up{system="shop"}' },
    { name: 'everything as the variable says', text: 'up{service=~"$service"}', filled: 'up{service=~".*"}' },
    { name: 'one of several', text: 'up{environment=~"${environment}"}', filled: 'up{environment=~"sim"}' },
    { name: 'several, escaped', text: '{target=~"$target"}', filled: '{target=~"(shop/api|shop/a\\\\.b)"}' },
    { name: 'a rate over four scrapes', text: 'rate(x[$__rate_interval])', filled: 'rate(x[120s])' },
    { name: 'the range', text: 'increase(x[$__range]) / $__range_s', filled: 'increase(x[3600s]) / 3600' },
    { name: 'the step', text: 'x[$__interval]', filled: 'x[15s]' },
    { name: 'nothing for an unknown one', text: 'up{system="$sytem"}', filled: 'up{system="$sytem"}' },
    { name: 'the end of a regular expression, left alone', text: 'up{service=~"a$"}', filled: 'up{service=~"a$"}' },
  ])('$name', ({ text, filled }) => {
    expect(interpolate(text, around)).toBe(filled);
  });

  test('a wide step widens the rate', () => {
    expect(interpolate('$__rate_interval', { ...around, stepMs: 600_000 })).toBe('630s');
  });

  test('names that nothing fills in are told', () => {
    expect(unresolved('up{a="$sytem",b="${nobody}",c="$system"}', around)).toEqual(['$sytem', '${nobody}']);
  });
});
