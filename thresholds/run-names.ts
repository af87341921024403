import { LOAD_METRIC } from './names.ts';

/** What Prometheus makes of k6's metrics: prefix `k6_`, the unit and a suffix for the type. Times are native histograms. */
export const K6_METRIC = {
  requestsTotal: 'k6_http_reqs_total',
  requestDurationSeconds: 'k6_http_req_duration_seconds',
  requestFailedRate: 'k6_http_req_failed_rate',
  iterationsTotal: 'k6_iterations_total',
  vus: 'k6_vus',
  overLimitTotal: `k6_${LOAD_METRIC.overLimit}_total`,
} as const;

/** What a run of nightly, load or drill leaves behind as metrics, out of its verdict. */
export const RUN_METRIC = {
  /** 1 for the outcome of the last run, 0 for the others. Label: `outcome`. */
  outcome: 'firedrill_run_outcome',
  finishedTimestampSeconds: 'firedrill_run_finished_timestamp_seconds',
  durationSeconds: 'firedrill_run_duration_seconds',
  /** Rows of the verdict by `part` (load, probes, alerts, dashboards) and `outcome`. */
  rows: 'firedrill_run_rows',
  /** Labels: endpoint or provider, objective, unit, source. */
  slaMeasured: 'firedrill_sla_measured',
  slaLimit: 'firedrill_sla_limit',
  slaSamples: 'firedrill_sla_samples',
  /** 1 or 0; absent where nothing could be judged. */
  slaKept: 'firedrill_sla_kept',
  /** Labels: alertname, severity, fault. Wall seconds as run. */
  drillDetectedSeconds: 'firedrill_drill_detected_seconds',
  drillDeliveredSeconds: 'firedrill_drill_delivered_seconds',
  drillPredictedSeconds: 'firedrill_drill_predicted_seconds',
  drillResolvedSeconds: 'firedrill_drill_resolved_seconds',
  drillCompression: 'firedrill_drill_compression',
  /** 1 or 0; absent where nothing could be judged. */
  drillPassed: 'firedrill_drill_passed',
  /** When the drill of the alert was last judged. */
  drillTimestampSeconds: 'firedrill_drill_timestamp_seconds',
  /** When an alert last passed its drill, in whichever run. Without the label `fault`: each way to drill it counts. */
  drillLastPassedTimestampSeconds: 'firedrill_drill_last_passed_timestamp_seconds',
} as const;
