import { alertLimits, successLimit } from '../../limits.ts';
import { healthGrid } from '../panels.ts';
import { dashboardUid, type SystemDashboard } from '../system-dashboard.ts';

const REQUESTS = 'http_requests_total';
const FAILED = 'status=~"5.."';

/** The application as its users meet it. */
export const APPLICATION_OVERVIEW: SystemDashboard = {
  title: 'Application Overview',
  file: 'application-overview.json',
  description: 'Health, speed and success of the flashcards application.',
  subject: 'up',
  panels: (metrics) => [
    healthGrid(metrics, {
      title: 'Service health status',
      description: 'Whether Prometheus reaches each service.',
      details: dashboardUid('flashcards', 'System Resources'),
      shows: { service: 'ocr', kind: 'down' },
    }),
    {
      title: 'Request rates and response times',
      visualisation: 'line',
      description: 'Requests a second, and the time within which 95 % of the answers came.',
      unit: 'reqps',
      height: 10,
      details: dashboardUid('flashcards', 'OCR Service'),
      alert: 'HighResponseTime',
      queries: [
        { expr: metrics.rate(REQUESTS, { by: ['service'] }), legend: '{{service}}' },
        {
          expr: metrics.quantile(0.95, 'http_request_duration_seconds', { by: ['service'] }),
          legend: '{{service}} p95',
          unit: 's',
          shows: { service: 'backend', kind: 'slow', delayMs: 700 },
        },
      ],
      shows: { service: 'backend', kind: 'traffic' },
    },
    {
      title: 'Error rates and success rates',
      visualisation: 'line',
      description: 'Share of requests that were answered with a server error, and of all others.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      height: 10,
      alert: 'HighErrorRate',
      limits: alertLimits(metrics.system, { warning: 'ModerateErrorRate', critical: 'HighErrorRate' }),
      queries: [
        { expr: metrics.share(REQUESTS, FAILED, { by: ['service'] }), legend: '{{service}} failed' },
        { expr: `1 - ${metrics.share(REQUESTS, FAILED, { by: ['service'] })}`, legend: '{{service}} good' },
      ],
      shows: { service: 'backend', kind: 'errors', share: 0.3 },
    },
    {
      title: 'Success now',
      visualisation: 'gauge',
      description: 'Share of good answers in the chosen time.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      width: 24,
      height: 6,
      limits: successLimit(metrics.services(REQUESTS)),
      queries: [
        {
          expr: `1 - ${metrics.share(REQUESTS, FAILED, { by: ['service'], window: '$__range' })}`,
          legend: '{{service}}',
        },
      ],
      shows: { service: 'backend', kind: 'errors', share: 0.3 },
    },
  ],
};
