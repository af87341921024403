import { selector } from '../../../promql/text.ts';
import { alertLimits, latencyLimit, latencyPromise, successLimit } from '../../limits.ts';
import { FOLLOWS } from '../../metrics.ts';
import { percentiles } from '../panels.ts';
import type { SystemDashboard } from '../system-dashboard.ts';

const DURATION = 'http_request_duration_seconds';
const REQUESTS = 'http_requests_total';
const FORECAST = 'a forecast over days out of minutes of history is anything';

/** Whether the promises are kept, and for how long they still will be. */
export const PERFORMANCE_SLA: SystemDashboard = {
  title: 'Performance & SLA',
  file: 'performance-sla.json',
  description: 'Promises of the MCP tools: kept or broken, and what is left before they break.',
  subject: 'up',
  panels: (metrics) => {
    const services = metrics.services(DURATION);
    const promise = latencyPromise(services, 'p95');
    return [
      {
        title: 'Availability Gauges',
        visualisation: 'gauge',
        description: 'Share of the chosen time in which Prometheus reached the service.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        width: 24,
        height: 6,
        limits: successLimit(services),
        alert: 'ServiceDown',
        queries: [{ expr: `avg by (service) (avg_over_time(${metrics.up()}[$__range]))`, legend: '{{service}}' }],
        shows: { service: 'sandbox', kind: 'down' },
      },
      {
        title: 'SLA Compliance Timeline',
        visualisation: 'line',
        description: 'Share of the answers that came in time, and of those that were no server error.',
        unit: 'percentunit',
        max: 1,
        limits: promise === null ? null : { breach: 'below', critical: promise.share },
        queries: [
          {
            expr: metrics.within(DURATION, promise?.seconds ?? 0, { by: ['service'] }),
            legend: '{{service}} in time',
          },
          {
            expr: `1 - ${metrics.share(REQUESTS, 'status=~"5.."', { by: ['service'] })}`,
            legend: '{{service}} good',
            shows: { service: 'sandbox', kind: 'errors', share: 0.3 },
          },
        ],
        shows: { service: 'sandbox', kind: 'slow', delayMs: 700 },
      },
      percentiles(metrics, DURATION, {
        title: 'Performance Trends',
        description: 'Percentiles of the time until the whole answer.',
        limits: latencyLimit(services, 'p95'),
        shows: { service: 'sandbox', kind: 'slow', delayMs: 700 },
      }),
      {
        title: 'Capacity Planning Metrics',
        visualisation: 'line',
        description: 'What is left of disk and processor, and how much disk will be left in four days at this pace.',
        unit: 'percent',
        min: 0,
        max: 100,
        limits: alertLimits(metrics.system, { critical: 'LowDiskSpace' }),
        alert: 'LowDiskSpace',
        queries: [
          { expr: metrics.select('disk_free_percent'), legend: '{{service}} disk' },
          {
            expr: `clamp(predict_linear(${metrics.select('disk_free_percent')}[6h], 4 * 86400), 0, 100)`,
            legend: '{{service}} disk in 4 days',
            still: FORECAST,
          },
          {
            expr: `100 - ${metrics.select('cpu_usage_percent')}`,
            legend: '{{service}} CPU',
            shows: { service: 'sandbox', kind: 'cpu' },
          },
        ],
        shows: { service: 'sandbox', kind: 'disk' },
      },
      {
        title: 'Threshold Violation Alerts',
        visualisation: 'table',
        description: 'Alerts of the system that are pending or firing.',
        unit: 'none',
        emptyWhenHealthy: 'while nothing is wrong no alert is pending',
        queries: [
          {
            expr: `sum by (alertname, service, severity, alertstate) (${selector('ALERTS', FOLLOWS.one)})`,
            legend: 'alerts',
          },
        ],
        shows: { service: 'sandbox', kind: 'down' },
      },
    ];
  },
};
