import { distribution, errorShares, rates } from '../panels.ts';
import { dashboardUid, type SystemDashboard } from '../system-dashboard.ts';

const BACKEND = 'backend';
const REQUESTS = 'api_requests_total';
const DURATION = 'api_request_duration_seconds';
const RANGE = { by: ['method', 'endpoint'], window: '$__range' };

/** How fast and how well the API answers. */
export const API_PERFORMANCE: SystemDashboard = {
  title: 'API Performance',
  file: 'api-performance.json',
  description: 'How fast and how well the personalization API answers.',
  subject: 'up',
  panels: (metrics) => [
    rates(metrics, REQUESTS, ['service'], {
      title: 'Requests per second',
      description: 'Requests to the API.',
      shows: { service: BACKEND, kind: 'traffic' },
    }),
    distribution(metrics, DURATION, {
      title: 'Response time distribution',
      description: 'Requests by the time until their whole answer.',
      alert: 'HighLatency',
      details: dashboardUid('personalization', 'Database Health'),
      shows: { service: BACKEND, kind: 'slow', delayMs: 700 },
    }),
    errorShares(
      metrics,
      REQUESTS,
      { failed: 'status=~"5.."', by: ['endpoint'] },
      {
        title: 'Error rate by endpoint',
        visualisation: 'bar',
        description: 'Share of requests in the chosen time that were answered with a server error.',
        category: 'endpoint',
        queries: [
          {
            expr: metrics.share(REQUESTS, 'status=~"5.."', { by: ['endpoint'], window: '$__range' }),
            legend: 'failed',
          },
        ],
        shows: { service: BACKEND, kind: 'errors', share: 0.3 },
      },
    ),
    {
      title: 'Top slow endpoints',
      visualisation: 'table',
      description: 'The ten slowest endpoints of the chosen time.',
      unit: 's',
      alert: 'HighLatency',
      queries: [
        { expr: `topk(10, ${metrics.quantile(0.95, DURATION, RANGE)})`, legend: 'p95' },
        { expr: metrics.mean(DURATION, RANGE), legend: 'mean' },
        {
          expr: metrics.increase(REQUESTS, RANGE),
          legend: 'requests',
          unit: 'short',
          shows: { service: BACKEND, kind: 'traffic' },
        },
      ],
      shows: { service: BACKEND, kind: 'slow', delayMs: 700 },
    },
    {
      title: 'Request count by method',
      visualisation: 'pie',
      description: 'Requests in the chosen time.',
      unit: 'short',
      queries: [{ expr: metrics.increase(REQUESTS, { by: ['method'], window: '$__range' }), legend: '{{method}}' }],
      shows: { service: BACKEND, kind: 'traffic' },
    },
  ],
};
