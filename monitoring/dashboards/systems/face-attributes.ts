import { alertLimits } from '../limits.ts';
import { boxQueries, errorShares, levels, percentiles, rates } from './panels.ts';
import { dashboardUid, type SystemDashboard } from './system-dashboard.ts';

const API = 'ml-api';

/** The dashboards of the face attributes. */
export const FACE_ATTRIBUTES: readonly SystemDashboard[] = [
  {
    title: 'ML Model Metrics',
    file: 'ml_metrics.json',
    description: 'What the model predicts, how sure and how right it is.',
    subject: 'up',
    panels: (metrics) => [
      rates(metrics, 'model_predictions_total', ['attribute', 'value'], {
        title: 'Model predictions',
        description: 'Predictions a second, by attribute and value.',
        unit: 'ops',
        details: dashboardUid('face-attributes', 'API Performance'),
        shows: { service: API, kind: 'traffic' },
      }),
      {
        title: 'Confidence',
        visualisation: 'bands',
        description: 'Confidence of the predictions: median, middle half, and from p5 to p95.',
        unit: 'percentunit',
        max: 1,
        queries: boxQueries(metrics, 'model_confidence_score'),
        shows: { service: API, kind: 'drift' },
      },
      percentiles(metrics, 'model_inference_latency_seconds', {
        title: 'Latency',
        description: 'Percentiles of the time in the model alone.',
        shows: { service: API, kind: 'slow', delayMs: 700 },
      }),
      levels(
        metrics,
        'drift_score',
        {
          title: 'Drift',
          description: "Distance of today's inputs from those of the training, 0 to 1.",
          unit: 'percentunit',
          max: 1,
          limits: alertLimits(metrics.system, { warning: 'ModelDrift' }),
          alert: 'ModelDrift',
          shows: { service: API, kind: 'drift' },
        },
        '{{attribute}}',
      ),
      levels(
        metrics,
        'model_accuracy',
        {
          title: 'Accuracy',
          description: 'Share of right predictions, by attribute.',
          unit: 'percentunit',
          max: 1,
          limits: alertLimits(metrics.system, { warning: 'LowModelAccuracy' }),
          alert: 'LowModelAccuracy',
          shows: { service: API, kind: 'accuracy' },
        },
        '{{attribute}}',
      ),
      {
        title: 'Model loaded',
        visualisation: 'grid',
        description: 'Whether the model is in memory.',
        unit: 'none',
        limits: alertLimits(metrics.system, { critical: 'ModelNotLoaded' }),
        alert: 'ModelNotLoaded',
        texts: { '1': { text: 'loaded', color: 'green' }, '0': { text: 'not loaded', color: 'red' } },
        queries: [{ expr: metrics.select('model_loaded'), legend: '{{service}}' }],
        shows: { service: API, kind: 'unloaded-model' },
      },
    ],
  },
  {
    title: 'API Performance',
    file: 'api_performance.json',
    description: 'How fast and how well the API answers.',
    subject: 'up',
    panels: (metrics) => [
      rates(metrics, 'api_requests_total', ['endpoint'], {
        title: 'Request rate',
        description: 'Requests a second, by endpoint.',
        shows: { service: API, kind: 'traffic' },
      }),
      percentiles(metrics, 'api_request_latency_seconds', {
        title: 'Latency',
        description: 'Percentiles of the time until the whole answer.',
        alert: 'HighLatency',
        shows: { service: API, kind: 'slow', delayMs: 700 },
      }),
      errorShares(
        metrics,
        'api_requests_total',
        { failed: 'status=~"5.."', by: ['endpoint'] },
        {
          title: 'Error rate',
          description: 'Share of requests that were answered with a server error, by endpoint.',
          width: 24,
          shows: { service: API, kind: 'errors', share: 0.3 },
        },
      ),
    ],
  },
  {
    title: 'System Metrics',
    file: 'system_metrics.json',
    description: 'Processor, memory, disk and network of the API.',
    subject: 'up',
    panels: (metrics) => [
      rates(metrics, 'process_cpu_seconds_total', ['service'], {
        title: 'CPU',
        description: 'Processors in use.',
        unit: 'percentunit',
        shows: { service: API, kind: 'cpu' },
      }),
      levels(metrics, 'process_resident_memory_bytes', {
        title: 'Memory',
        visualisation: 'area',
        description: 'Memory that the process holds.',
        unit: 'bytes',
        shows: { service: API, kind: 'memory' },
      }),
      levels(metrics, 'disk_free_percent', {
        title: 'Disk',
        description: 'Free disk space.',
        alert: 'DiskFullWithin4Days',
        unit: 'percent',
        min: 0,
        max: 100,
        shows: { service: API, kind: 'disk' },
      }),
      rates(metrics, 'network_bytes_total', ['direction'], {
        title: 'Network',
        description: 'Bytes received and sent a second.',
        unit: 'Bps',
        shows: { service: API, kind: 'traffic' },
      }),
    ],
  },
];
