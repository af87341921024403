import { distribution, errorShares, healthGrid, rates } from '../panels.ts';
import { dashboardUid, type SystemDashboard } from '../system-dashboard.ts';

const REQUESTS = 'http_requests_total';

/** All of the MCP tools at a glance; what everybody sees first. */
export const SYSTEM_OVERVIEW: SystemDashboard = {
  title: 'System Overview',
  file: 'system-overview.json',
  description: 'Health and activity of the MCP tools.',
  subject: 'up',
  panels: (metrics) => [
    healthGrid(metrics, {
      title: 'Service Health Grid',
      description: 'Whether Prometheus reaches each service.',
      shows: { service: 'sandbox', kind: 'down' },
      details: dashboardUid('mcp-tools', 'Basic System Metrics'),
    }),
    rates(metrics, REQUESTS, ['service'], {
      title: 'Request Rate Timeline',
      description: 'Requests a second, by service.',
      shows: { service: 'sandbox', kind: 'traffic' },
      details: dashboardUid('mcp-tools', 'Tool Monitoring'),
    }),
    {
      title: 'User Activity Heatmap',
      visualisation: 'activity',
      description: 'When which service was used: requests, darker where there were more.',
      unit: 'short',
      queries: [{ expr: metrics.increase(REQUESTS, { by: ['service'] }), legend: '{{service}}' }],
      shows: { service: 'sandbox', kind: 'traffic' },
    },
    errorShares(
      metrics,
      REQUESTS,
      { failed: 'status=~"5.."', by: ['service'] },
      {
        title: 'Error Rate by Service',
        description: 'Share of requests that were answered with a server error.',
        shows: { service: 'diffusion-api', kind: 'errors', share: 0.3 },
        details: dashboardUid('mcp-tools', 'Performance & SLA'),
      },
    ),
    distribution(metrics, 'http_request_duration_seconds', {
      title: 'Response Time Distribution',
      description: 'Requests by the time until their whole answer.',
      shows: { service: 'sandbox', kind: 'slow', delayMs: 700 },
      details: dashboardUid('mcp-tools', 'Performance & SLA'),
    }),
  ],
};
