import { objectiveLimit } from '../../limits.ts';
import type { SystemDashboard } from '../system-dashboard.ts';

const BACKEND = 'backend';
const DURATION = 'db_query_duration_seconds';
const RANGE = { by: ['operation'], window: '$__range' };

/** The database as the API sees it. */
export const DATABASE_HEALTH: SystemDashboard = {
  title: 'Database Health',
  file: 'database-health.json',
  description: 'The database behind the API, as the API sees it.',
  subject: 'up',
  panels: (metrics) => {
    const slow = objectiveLimit(metrics.system, 'p99 query time');
    const slowSeconds = slow?.critical ?? 1;
    const pool = objectiveLimit(metrics.system, 'most connections in use');
    return [
      {
        title: 'Query duration by operation',
        visualisation: 'line',
        description: 'The time within which 99 % of the queries came back.',
        unit: 's',
        limits: slow,
        alert: 'DatabaseSlowQueries',
        queries: [{ expr: metrics.quantile(0.99, DURATION, { by: ['operation'] }), legend: '{{operation}}' }],
        shows: { service: BACKEND, kind: 'slow-queries' },
      },
      {
        title: 'Query count trend',
        visualisation: 'area',
        description: 'Queries a second, by operation.',
        unit: 'ops',
        queries: [{ expr: metrics.rate('db_queries_total', { by: ['operation'] }), legend: '{{operation}}' }],
        shows: { service: BACKEND, kind: 'traffic' },
      },
      {
        title: 'Active connections',
        visualisation: 'gauge',
        description: 'Connections taken from the pool. Red: none is free.',
        unit: 'none',
        min: 0,
        // The promise is that the last connection of the pool stays free.
        ...(pool?.critical === undefined ? {} : { max: pool.critical + 1 }),
        limits: pool,
        alert: 'ConnectionPoolExhausted',
        queries: [{ expr: metrics.select('active_db_connections'), legend: '{{service}}' }],
        shows: { service: BACKEND, kind: 'exhausted-pool' },
      },
      {
        title: 'Slow query log',
        visualisation: 'table',
        description: `Queries of the chosen time that took longer than ${slowSeconds} s, by operation.`,
        unit: 'short',
        decimals: 0,
        alert: 'DatabaseSlowQueries',
        queries: [
          {
            expr:
              `round(${metrics.increase('db_queries_total', RANGE)} * ` +
              `(1 - ${metrics.within(DURATION, slowSeconds, RANGE)}))`,
            legend: 'slow queries',
          },
          { expr: metrics.quantile(0.99, DURATION, RANGE), legend: 'p99', unit: 's' },
        ],
        shows: { service: BACKEND, kind: 'slow-queries' },
      },
      {
        title: 'Index usage stats',
        visualisation: 'bar',
        description: 'Share of the scans of a table in the chosen time that used an index.',
        unit: 'percentunit',
        category: 'table',
        width: 24,
        queries: [
          {
            expr: metrics.share('db_table_scans_total', 'way="index"', { by: ['table'], window: '$__range' }),
            legend: 'by index',
          },
        ],
        shows: { service: BACKEND, kind: 'slow-queries' },
      },
    ];
  },
};
