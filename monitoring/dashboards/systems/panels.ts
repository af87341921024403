import { alertLimits, errorLimit, latencyLimit } from '../limits.ts';
import type { Over, SystemMetrics } from '../metrics.ts';
import type { Disturbance, PanelSpec, QuerySpec } from '../spec.ts';
import { BOX } from '../visualisations/line.ts';

type Given = Pick<PanelSpec, 'title' | 'description' | 'shows'> & Partial<PanelSpec>;

/** One field a service: green while Prometheus reaches it. */
export function healthGrid(metrics: SystemMetrics, given: Given): PanelSpec {
  return {
    visualisation: 'grid',
    unit: 'none',
    width: 24,
    height: 6,
    limits: { breach: 'below', critical: 1 },
    texts: { '1': { text: 'up', color: 'green' }, '0': { text: 'down', color: 'red' } },
    alert: 'ServiceDown',
    queries: [{ expr: `min by (service) (${metrics.up()})`, legend: '{{service}}' }],
    ...given,
  };
}

/** Percentiles of a histogram, with the limit that its services promise for p95. */
export function percentiles(metrics: SystemMetrics, histogram: string, given: Given, over: Over = {}): PanelSpec {
  const name = (over.by ?? []).map((label) => `{{${label}}} `).join('');
  return {
    visualisation: 'line',
    unit: 's',
    limits: latencyLimit(metrics.services(histogram), 'p95'),
    queries: [
      { expr: metrics.quantile(0.5, histogram, over), legend: `${name}p50` },
      { expr: metrics.quantile(0.95, histogram, over), legend: `${name}p95` },
      { expr: metrics.quantile(0.99, histogram, over), legend: `${name}p99` },
    ],
    ...given,
  };
}

/** A distribution over time. */
export function distribution(metrics: SystemMetrics, histogram: string, given: Given): PanelSpec {
  return {
    visualisation: 'heatmap',
    unit: 's',
    queries: [{ expr: metrics.buckets(histogram), legend: '{{le}}' }],
    ...given,
  };
}

/** A counter's rates by labels. */
export function rates(metrics: SystemMetrics, counter: string, by: readonly string[], given: Given): PanelSpec {
  return {
    visualisation: 'line',
    unit: 'reqps',
    queries: [{ expr: metrics.rate(counter, { by }), legend: by.map((label) => `{{${label}}}`).join(' ') }],
    ...given,
  };
}

/** Share of failures by labels, with the limits of the alerts that watch it, or else what the services promise. */
export function errorShares(
  metrics: SystemMetrics,
  counter: string,
  { failed, by }: { failed: string; by: readonly string[] },
  given: Given,
): PanelSpec {
  return {
    visualisation: 'line',
    unit: 'percentunit',
    min: 0,
    limits:
      alertLimits(metrics.system, { warning: 'ModerateErrorRate', critical: 'HighErrorRate' }) ??
      errorLimit(metrics.services(counter)),
    alert: 'HighErrorRate',
    queries: [
      { expr: metrics.share(counter, failed, { by }), legend: by.map((label) => `{{${label}}}`).join(' ') || 'failed' },
    ],
    ...given,
  };
}

/** A gauge as it stands, a line a service. */
export function levels(metrics: SystemMetrics, gauge: string, given: Given, legend = '{{service}}'): PanelSpec {
  return { visualisation: 'line', unit: 'short', queries: [{ expr: metrics.select(gauge), legend }], ...given };
}

/** The five lines of a box plot. */
export function boxQueries(
  metrics: SystemMetrics,
  histogram: string,
  { where = [], name = '', shows }: { where?: readonly string[]; name?: string; shows?: Disturbance } = {},
): QuerySpec[] {
  return BOX.map((quantile) => ({
    expr: metrics.quantile(quantile, histogram, { where }),
    legend: `${name} p${Math.round(quantile * 100)}`.trim(),
    ...(shows === undefined ? {} : { shows }),
  }));
}
