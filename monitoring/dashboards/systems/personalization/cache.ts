import { objectiveLimit } from '../../limits.ts';
import type { SystemDashboard } from '../system-dashboard.ts';

const BACKEND = 'backend';
const HITS = 'cache_hits_total';
const MISSES = 'cache_misses_total';
const RANGE = { window: '$__range' };

/** What the cache saves. */
export const CACHE_ANALYTICS: SystemDashboard = {
  title: 'Cache Analytics',
  file: 'cache-analytics.json',
  description: 'How much the cache saves, and what it takes.',
  subject: 'up',
  panels: (metrics) => [
    {
      title: 'Hit rate trend',
      visualisation: 'line',
      description: 'Share of look-ups that found their key.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      limits: objectiveLimit(metrics.system, 'hit ratio'),
      alert: 'LowCacheHitRate',
      queries: [
        { expr: `${metrics.rate(HITS)} / (${metrics.rate(HITS)} + ${metrics.rate(MISSES)} > 0)`, legend: 'hits' },
      ],
      shows: { service: BACKEND, kind: 'cold-cache' },
    },
    {
      title: 'Hit vs miss distribution',
      visualisation: 'pie',
      description: 'Look-ups in the chosen time.',
      unit: 'short',
      queries: [
        { expr: metrics.increase(HITS, RANGE), legend: 'hits' },
        { expr: metrics.increase(MISSES, RANGE), legend: 'misses' },
      ],
      shows: { service: BACKEND, kind: 'cold-cache' },
    },
    {
      title: 'Memory usage',
      visualisation: 'gauge',
      description: 'Memory in use, as a share of what the cache may use.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      limits: { breach: 'above', warning: 0.75, critical: 0.9 },
      queries: [
        {
          expr: `${metrics.select('cache_memory_bytes')} / ${metrics.select('cache_memory_max_bytes')}`,
          legend: '{{service}}',
        },
      ],
      shows: { service: BACKEND, kind: 'memory' },
    },
    {
      title: 'Top keys',
      visualisation: 'table',
      description:
        'Kinds of keys by look-ups in the chosen time. Keys themselves hold ids of users and are not measured.',
      unit: 'short',
      decimals: 0,
      queries: [
        { expr: `topk(10, ${metrics.increase('cache_lookups_total', { by: ['key'], ...RANGE })})`, legend: 'look-ups' },
      ],
      shows: { service: BACKEND, kind: 'traffic' },
    },
    {
      title: 'Eviction rate',
      visualisation: 'line',
      description: 'Keys dropped a second for want of memory.',
      unit: 'ops',
      width: 24,
      queries: [{ expr: metrics.rate('cache_evictions_total'), legend: 'evictions' }],
      shows: { service: BACKEND, kind: 'memory' },
    },
  ],
};
