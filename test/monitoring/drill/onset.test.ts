import { expect, test } from 'vitest';
import { latestOnset, neededRequests, UNDER_WAY_MS } from '../../../monitoring/drill/onset.ts';
import { trafficQuery } from '../../../monitoring/drill/traffic.ts';
import type { Condition } from '../../../thresholds/model.ts';
import { caseOf } from './support.ts';

const SCRAPE_MS = 250;
const WINDOW_MS = 5_000;
const above = { breach: 'above', limit: 1 } as const;
const source = { metric: 'x', where: '', by: [] };
const hits = { metric: 'hits_total', where: '' };
const misses = { metric: 'misses_total', where: 'kind="a"' };

const CONDITIONS = {
  level: { kind: 'threshold', of: source, unit: 'none', windowMs: 0, ...above },
  mean: { kind: 'threshold', of: source, unit: 'none', windowMs: 300_000, ...above },
  full: { kind: 'utilisation', above: 0.9, of: [] },
  gone: { kind: 'metric-missing', metric: 'x', where: '' },
  share: { kind: 'share', part: hits, of: [hits, misses], windowMs: 300_000, by: [], minEvents: 0, ...above },
  slow: { kind: 'latency-mean', aboveMs: 100, windowMs: 300_000, metric: 'x_seconds', where: 'a="b"' },
  trend: { kind: 'forecast', ...source, size: null, withinMs: 1, windowMs: 300_000, from: 0, ...above },
} as const satisfies Record<string, Condition>;

function onset(name: keyof typeof CONDITIONS, requestsPerSecond: number | null = null, windowMs = WINDOW_MS) {
  const fault = { service: 'api', kind: 'cpu' } as const;
  return latestOnset({ condition: CONDITIONS[name], fault, windowMs, scrapeMs: SCRAPE_MS, requestsPerSecond });
}

test.each([
  ['a level', 'level', null, 0],
  ['a resource', 'full', null, 0],
  ['a metric that is gone', 'gone', null, 0],
] as const)('%s is seen with the next scrape', (_, name, rate, windowMs) => {
  expect(onset(name, rate, windowMs)).toEqual({ latestMs: 2 * SCRAPE_MS });
});

test.each([
  ['a mean level', 'mean', null],
  ['a share', 'share', 50],
  ['a mean duration', 'slow', 50],
] as const)('%s is true at the latest once its window holds nothing else', (_, name, rate) => {
  expect(onset(name, rate)).toEqual({ latestMs: WINDOW_MS + UNDER_WAY_MS + 2 * SCRAPE_MS });
});

test('a share of nothing is never beyond a limit', () => {
  expect(onset('share', 0)).toEqual({ impossible: expect.stringContaining('was seen in health') });
  expect(neededRequests(CONDITIONS.share, { service: 'api', kind: 'cold-cache' }, null)).toBeGreaterThan(20);
});

test('a trend over hours is no matter for the fleet', () => {
  expect(onset('trend')).toEqual({ impossible: expect.stringContaining('trend of hours') });
});

test.each([
  ['level', null],
  ['full', null],
  ['gone', null],
  ['trend', null],
  [
    'share',
    'sum(rate(hits_total{system="shop",service="api"}[5s])) + ' +
      'sum(rate(misses_total{system="shop",service="api",kind="a"}[5s]))',
  ],
  ['slow', 'sum(rate(x_seconds_count{system="shop",service="api",a="b"}[5s]))'],
] as const)('requests that a condition counts: %s', (name, query) => {
  const drillCase = caseOf('ServiceDown');
  const condition = CONDITIONS[name] as Condition;
  expect(trafficQuery({ ...drillCase, sight: { by: 'scrapes', condition } }, '5s')).toBe(query);
});
