/**
 * Every metric, label and rule-group name that more than one part of firedrill uses. Rules, dashboards, probes, fleet and load
 * scenarios take them from here, so that they cannot disagree.
 */

/** Labels that identify a series: each one carries system, service and environment. */
export const LABEL = {
  system: 'system',
  service: 'service',
  environment: 'environment',
  /** `<system>/<service>`, on probe series. */
  target: 'target',
  job: 'job',
  /** Where a prober stands, when several look at the same targets. */
  location: 'location',
  /** Which prober, on the series of the prober itself. */
  instance: 'instance',
  severity: 'severity',
  team: 'team',
  objective: 'objective',
  alertname: 'alertname',
} as const;

/** The value of `job` on everything that firedrill sends. */
export const FIREDRILL_JOB = 'firedrill';

/** Probe metrics, named as blackbox_exporter names them where it has one. */
export const PROBE_METRIC = {
  success: 'probe_success',
  durationSeconds: 'probe_duration_seconds',
  timeoutSeconds: 'probe_timeout_seconds',
  dnsLookupSeconds: 'probe_dns_lookup_time_seconds',
  ipProtocol: 'probe_ip_protocol',
  httpDurationSeconds: 'probe_http_duration_seconds',
  httpStatusCode: 'probe_http_status_code',
  httpVersion: 'probe_http_version',
  httpSsl: 'probe_http_ssl',
  httpContentLength: 'probe_http_content_length',
  httpRedirects: 'probe_http_redirects',
  redisDurationSeconds: 'probe_redis_duration_seconds',
  postgresDurationSeconds: 'probe_postgres_duration_seconds',
  postgresRows: 'probe_postgres_rows',
  failedDueToRegex: 'probe_failed_due_to_regex',
  sslEarliestCertExpiry: 'probe_ssl_earliest_cert_expiry',
  /** Histogram over runs (`_bucket`, `_sum`, `_count`); the name that Grafana's synthetic monitoring uses. */
  allDurationSeconds: 'probe_all_duration_seconds',
  /** Counters `_sum` (successes) and `_count` (judged runs). */
  allSuccess: 'probe_all_success',
  resultsTotal: 'probe_results_total',
  lastRunTimestampSeconds: 'probe_last_run_timestamp_seconds',
  scheduleLagSeconds: 'probe_schedule_lag_seconds',
  /** Of the prober itself, without labels of a target. */
  runsSkippedTotal: 'probe_runs_skipped_total',
  eventLoopLagSeconds: 'probe_event_loop_lag_seconds',
  pushedSamplesTotal: 'probe_pushed_samples_total',
  droppedSamplesTotal: 'probe_dropped_samples_total',
  pushRetriesTotal: 'probe_push_retries_total',
  queuedSamples: 'probe_queued_samples',
} as const;

/** Metrics of the k6 scenarios. k6 exports them to Prometheus with the prefix `k6_`. */
export const LOAD_METRIC = {
  /** Counter: answers with an expected status that took longer than a limit; the tag `objective` says which. */
  overLimit: 'sla_over_limit',
  /** Counter: iterations that threw. */
  exceptions: 'sla_exceptions',
} as const;

/** Tag on every sample of a k6 scenario: the row of the load plan that it belongs to. */
export const ROW_TAG = 'row';

/** The target label of a service. */
export function targetName(system: string, service: string): string {
  return `${system}/${service}`;
}

/** The rule group that holds the alerts of a system. */
export function ruleGroupName(system: string): string {
  return `firedrill-${system}`;
}
