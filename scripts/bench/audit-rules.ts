import { stringify } from 'yaml';
import type { SourceFile } from '../../thresholds/load/problem.ts';

/** Alerts as public collections hold them, each kind of construct about as often as there. `M` stands for the prefix of the metrics. */
const SHAPES: readonly { alert: string; expr: string; for?: string }[] = [
  { alert: 'TargetDown', expr: 'up{job="M"} == 0', for: '5m' },
  {
    alert: 'ErrorShare',
    expr: 'sum by (job, route) (rate(M_requests_total{job="M",code=~"5.."}[5m])) / sum by (job, route) (rate(M_requests_total{job="M"}[5m])) > 0.05',
    for: '15m',
  },
  {
    alert: 'SlowRequests',
    expr: 'histogram_quantile(0.99, sum by (job, le) (rate(M_request_duration_seconds_bucket{job="M"}[5m]))) > 0.5',
    for: '10m',
  },
  { alert: 'ReloadFailed', expr: 'max_over_time(M_config_last_reload_successful{job="M"}[5m]) == 0', for: '10m' },
  { alert: 'Restarts', expr: 'increase(M_restarts_total{job="M"}[15m]) > 3', for: '15m' },
  {
    alert: 'ReplicasMissing',
    expr: '(M_replicas_wanted{job="M"} != M_replicas_ready{job="M"}) and (changes(M_replicas_ready{job="M"}[10m]) == 0)',
    for: '15m',
  },
  {
    alert: 'DiskFillingUp',
    expr: '(M_disk_free_bytes{job="M",type!="tmpfs"} / M_disk_size_bytes{job="M",type!="tmpfs"} < 0.15 and predict_linear(M_disk_free_bytes{job="M",type!="tmpfs"}[1h], 4 * 3600) < 0) unless on (instance) M_disk_readonly{job="M"} == 1',
    for: '30m',
  },
  { alert: 'QueueGrows', expr: 'min by (instance) (M_queue_length{job="M"}) > 100', for: '30m' },
  {
    alert: 'Overcommitted',
    expr: 'sum(M_memory_requested_bytes{job="M"}) - (sum(M_memory_bytes{job="M"}) - max(M_memory_bytes{job="M"})) > 0 and (sum(M_memory_bytes{job="M"}) - max(M_memory_bytes{job="M"})) > 0',
    for: '10m',
  },
  {
    alert: 'NodePressure',
    expr: 'sum by (instance) (rate(M_evictions_total{job="M"}[15m])) * on (instance) group_left (node) max by (instance, node) (M_node_info{job="M"}) > 0',
  },
  { alert: 'CertificateExpires', expr: 'M_certificate_expiry_seconds{job="M"} - time() < 86400 * 7' },
  { alert: 'Gone', expr: 'absent(up{job="M"} == 1)', for: '15m' },
  {
    alert: 'NothingAccepted',
    expr: 'rate(M_samples_accepted_total{job="M"}[5m]) <= 0 and (sum without (type) (M_targets{job="M"}) > 0 or sum without (type) (M_rules{job="M"}) > 0)',
    for: '10m',
  },
  {
    alert: 'ClockSkew',
    expr: 'M_clock_offset_seconds{job="M"} > 0.05 and deriv(M_clock_offset_seconds{job="M"}[5m]) >= 0',
    for: '10m',
  },
  {
    alert: 'HalfDown',
    expr: 'count by (cluster) (up{job="M"} == 0) / count by (cluster) (up{job="M"}) >= 0.5',
    for: '5m',
  },
  {
    alert: 'BurnRate',
    expr: 'sum by (job) (rate(M_requests_total{job="M",code="500"}[1h])) > 14.4 * 0.01 * sum by (job) (rate(M_requests_total{job="M"}[1h])) and sum by (job) (rate(M_requests_total{job="M",code="500"}[5m])) > 14.4 * 0.01 * sum by (job) (rate(M_requests_total{job="M"}[5m]))',
    for: '2m',
  },
  { alert: 'FilesOpen', expr: 'M_open_fds{job="M"} / M_max_fds{job="M"} > 0.8', for: '10m' },
  { alert: 'Lag', expr: 'M_lag_seconds{job="M",topic!=""} > 300', for: '10m' },
  { alert: 'ErrorsLogged', expr: 'increase(M_errors_total{job="M",level=~"error|fatal"}[5m]) > 0' },
  {
    alert: 'Throttled',
    expr: 'sum by (container) (increase(M_throttled_periods_total{job="M"}[5m])) / sum by (container) (increase(M_periods_total{job="M"}[5m])) > 0.25',
    for: '15m',
  },
  { alert: 'JobFailed', expr: 'M_job_failed{job="M",namespace="batch"} > 0', for: '15m' },
  {
    alert: 'VersionsDiffer',
    expr: 'count by (cluster) (count by (version, cluster) (M_build_info{job="M"})) > 1',
    for: '15m',
  },
  { alert: 'Hot', expr: 'M_temperature_celsius{job="M"} > 80 and on (instance) M_load1{job="M"} > 4', for: '5m' },
  { alert: 'MemoryLow', expr: 'M_memory_available_bytes{job="M"} / M_memory_total_bytes{job="M"} < 0.1', for: '5m' },
];

/** A rule file with every shape for each of so many services. */
export function auditRules(services: number): SourceFile {
  const groups = Array.from({ length: services }, (_, index) => {
    const metric = `service${index + 1}`;
    return {
      name: metric,
      rules: SHAPES.map(({ alert, expr, for: held }) => ({
        alert: `${alert}${index + 1}`,
        expr: expr.replaceAll(/\bM(?=[_"])/g, metric),
        ...(held === undefined ? {} : { for: held }),
        labels: { severity: index % 2 === 0 ? 'warning' : 'critical' },
        annotations: {
          summary: `${alert} of ${metric}`,
          description: '{{ $labels.instance }} of {{ $labels.job }} is not as it should be.',
          runbook_url: `https://runbooks.example.org/${alert.toLowerCase()}`,
        },
      })),
    };
  });
  return { path: 'rules.yml', text: stringify({ groups }) };
}
