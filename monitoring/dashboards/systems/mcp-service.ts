import { errorLimit, latencyLimit, objectiveLimit } from '../limits.ts';
import type { SystemMetrics } from '../metrics.ts';
import type { PanelSpec } from '../spec.ts';
import type { SystemDashboard } from './system-dashboard.ts';

const SERVICE = 'mcp-service';

/** The dashboards of the MCP service. */
export const MCP_SERVICE: readonly SystemDashboard[] = [
  {
    title: 'System Overview',
    file: 'system.json',
    description: 'Processor, memory and disk of the MCP service.',
    subject: 'up',
    panels: (metrics) => [
      {
        title: 'CPU Usage',
        visualisation: 'line',
        description: 'Processor time in use.',
        unit: 'percent',
        min: 0,
        max: 100,
        width: 8,
        limits: objectiveLimit(metrics.system, 'CPU usage'),
        alert: 'high_cpu_usage',
        details: 'mcp-service-service-performance',
        queries: [{ expr: metrics.select('cpu_usage_percent'), legend: '{{service}}' }],
        shows: { service: SERVICE, kind: 'cpu' },
      },
      {
        ...usage(metrics, 'Memory Usage', 'Memory in use.', 'memory_usage_percent', 'memory'),
        alert: 'MemoryFullWithin1Day',
      },
      {
        ...usage(metrics, 'Disk Usage', 'Disk space in use.', 'disk_usage_percent', 'disk'),
        alert: 'DiskFullWithin4Days',
      },
    ],
  },
  {
    title: 'Service Performance',
    file: 'service.json',
    description: 'How fast and how well tool calls are answered.',
    subject: 'up',
    panels: (metrics) => [
      {
        title: 'Request Latency',
        visualisation: 'line',
        description: 'Percentiles of the time from call to result.',
        unit: 's',
        width: 24,
        limits: latencyLimit(metrics.services('request_latency_seconds'), 'p95'),
        queries: [
          { expr: metrics.quantile(0.5, 'request_latency_seconds'), legend: 'p50' },
          { expr: metrics.quantile(0.95, 'request_latency_seconds'), legend: 'p95' },
          { expr: metrics.quantile(0.99, 'request_latency_seconds'), legend: 'p99' },
        ],
        shows: { service: SERVICE, kind: 'slow', delayMs: 700 },
      },
      {
        title: 'Request Rate',
        visualisation: 'line',
        description: 'Tool calls a second, by tool.',
        unit: 'reqps',
        queries: [{ expr: metrics.rate('mcp_requests_total', { by: ['tool'] }), legend: '{{tool}}' }],
        shows: { service: SERVICE, kind: 'traffic' },
      },
      {
        title: 'Error Rate',
        visualisation: 'line',
        description: 'Share of failed tool calls, by tool.',
        unit: 'percentunit',
        limits: errorLimit(metrics.services('mcp_requests_total')),
        queries: [
          { expr: metrics.share('mcp_requests_total', 'status="error"', { by: ['tool'] }), legend: '{{tool}}' },
        ],
        shows: { service: SERVICE, kind: 'errors', share: 0.3 },
      },
    ],
  },
  {
    title: 'Model Performance',
    file: 'model.json',
    description: 'How right the classifier is, and how long it takes.',
    subject: 'up',
    panels: (metrics) => [
      {
        title: 'Model Accuracy',
        visualisation: 'line',
        description: 'Share of right classifications.',
        unit: 'percent',
        max: 100,
        limits: objectiveLimit(metrics.system, 'model accuracy'),
        alert: 'LowModelAccuracy',
        queries: [{ expr: metrics.select('model_accuracy'), legend: '{{service}}' }],
        shows: { service: SERVICE, kind: 'accuracy' },
      },
      wrongShare(metrics, 'False Positive Rate', 'False positives among the negatives.', 'model_false_positive_rate'),
      wrongShare(metrics, 'False Negative Rate', 'False negatives among the positives.', 'model_false_negative_rate'),
      {
        title: 'Inference Latency',
        visualisation: 'line',
        description: 'Percentiles of the time in the model alone.',
        unit: 's',
        queries: [
          { expr: metrics.quantile(0.5, 'model_inference_seconds'), legend: 'p50' },
          { expr: metrics.quantile(0.95, 'model_inference_seconds'), legend: 'p95' },
        ],
        shows: { service: SERVICE, kind: 'slow', delayMs: 700 },
      },
    ],
  },
  {
    title: 'Database Performance',
    file: 'database.json',
    description: 'The database behind the MCP service, as the service sees it.',
    subject: 'up',
    panels: (metrics) => [
      {
        title: 'Query Latency',
        visualisation: 'line',
        description: 'Percentiles of the time of a query.',
        unit: 's',
        queries: [
          { expr: metrics.quantile(0.5, 'db_query_duration_seconds'), legend: 'p50' },
          { expr: metrics.quantile(0.99, 'db_query_duration_seconds'), legend: 'p99' },
        ],
        shows: { service: SERVICE, kind: 'slow-queries' },
      },
      {
        title: 'Connection Pool',
        visualisation: 'line',
        description: 'Connections in the pool, and how many there may be.',
        unit: 'short',
        min: 0,
        alert: 'ConnectionPoolExhausted',
        queries: [
          { expr: metrics.select('db_connection_pool_size'), legend: '{{service}}' },
          {
            expr: metrics.select('db_connection_pool_max'),
            legend: '{{service}} at most',
            still: 'the size that is set does not change',
          },
        ],
        shows: { service: SERVICE, kind: 'exhausted-pool' },
      },
      {
        title: 'Database Errors',
        visualisation: 'line',
        description: 'Failed queries a second.',
        unit: 'ops',
        queries: [{ expr: metrics.rate('db_errors_total', { by: ['service'] }), legend: '{{service}}' }],
        shows: { service: SERVICE, kind: 'exhausted-pool' },
      },
    ],
  },
];

function usage(metrics: SystemMetrics, title: string, description: string, metric: string, kind: 'memory' | 'disk') {
  return {
    title,
    visualisation: 'line',
    description,
    unit: 'percent',
    min: 0,
    max: 100,
    width: 8,
    queries: [{ expr: metrics.select(metric), legend: '{{service}}' }],
    shows: { service: SERVICE, kind },
  } satisfies PanelSpec;
}

function wrongShare(metrics: SystemMetrics, title: string, description: string, metric: string) {
  return {
    title,
    visualisation: 'line',
    description,
    unit: 'percent',
    min: 0,
    queries: [{ expr: metrics.select(metric), legend: '{{service}}' }],
    shows: { service: SERVICE, kind: 'accuracy' },
  } satisfies PanelSpec;
}
