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
  /** `true` on the alert that follows one which stayed critical too long. */
  escalation: 'escalation',
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
  dnsDurationSeconds: 'probe_dns_duration_seconds',
  dnsAnswerRrs: 'probe_dns_answer_rrs',
  dnsAuthorityRrs: 'probe_dns_authority_rrs',
  dnsAdditionalRrs: 'probe_dns_additional_rrs',
  dnsQuerySucceeded: 'probe_dns_query_succeeded',
  dnsSerial: 'probe_dns_serial',
  grpcDurationSeconds: 'probe_grpc_duration_seconds',
  grpcStatusCode: 'probe_grpc_status_code',
  grpcSsl: 'probe_grpc_ssl',
  grpcHealthcheckResponse: 'probe_grpc_healthcheck_response',
  prometheusDurationSeconds: 'probe_prometheus_duration_seconds',
  prometheusWarnings: 'probe_prometheus_warnings',
  prometheusSeries: 'probe_prometheus_series',
  prometheusValue: 'probe_prometheus_value',
  prometheusTargets: 'probe_prometheus_targets',
  prometheusRules: 'probe_prometheus_rules',
  heartbeatLastTimestampSeconds: 'probe_heartbeat_last_timestamp_seconds',
  heartbeatDurationSeconds: 'probe_heartbeat_duration_seconds',
  heartbeatLimitSeconds: 'probe_heartbeat_limit_seconds',
  redisDurationSeconds: 'probe_redis_duration_seconds',
  postgresDurationSeconds: 'probe_postgres_duration_seconds',
  postgresRows: 'probe_postgres_rows',
  mcpDurationSeconds: 'probe_mcp_duration_seconds',
  mcpInfo: 'probe_mcp_info',
  mcpTools: 'probe_mcp_tools',
  mcpToolsMissing: 'probe_mcp_tools_missing',
  mcpSchemaChanged: 'probe_mcp_schema_changed',
  mcpLevel: 'probe_mcp_level',
  failedDueToRegex: 'probe_failed_due_to_regex',
  sslEarliestCertExpiry: 'probe_ssl_earliest_cert_expiry',
  sslVerified: 'probe_ssl_verified',
  sslLastChainExpiryTimestampSeconds: 'probe_ssl_last_chain_expiry_timestamp_seconds',
  sslLastChainInfo: 'probe_ssl_last_chain_info',
  tlsVersionInfo: 'probe_tls_version_info',
  tlsCipherInfo: 'probe_tls_cipher_info',
  ipAddrHash: 'probe_ip_addr_hash',
  httpAllDurationSeconds: 'probe_http_all_duration_seconds',
  httpUncompressedBodyLength: 'probe_http_uncompressed_body_length',
  httpLastModifiedTimestampSeconds: 'probe_http_last_modified_timestamp_seconds',
  httpStepsCompleted: 'probe_http_steps_completed',
  websocketStatusCode: 'probe_websocket_status_code',
  websocketConnectionUpgraded: 'probe_websocket_connection_upgraded',
  websocketFailedDueToRegex: 'probe_websocket_failed_due_to_regex',
  websocketDurationSeconds: 'probe_websocket_duration_seconds',
  tlsDurationSeconds: 'probe_tls_duration_seconds',
  /** Histogram over runs (`_bucket`, `_sum`, `_count`); the name that Grafana's synthetic monitoring uses. */
  allDurationSeconds: 'probe_all_duration_seconds',
  /** Counters `_sum` (successes) and `_count` (judged runs). */
  allSuccess: 'probe_all_success',
  resultsTotal: 'probe_results_total',
  lastRunTimestampSeconds: 'probe_last_run_timestamp_seconds',
  /** 1 up, 0 down, by the confirmation that the catalogue asks for; absent until either is known. */
  state: 'probe_state',
  /** 1 while a planned window is open; absent for targets without windows. */
  maintenance: 'probe_maintenance',
  /** Of the prober itself, without labels of a target. */
  scheduleLagSeconds: 'probe_schedule_lag_seconds',
  targets: 'probe_targets',
  runsActive: 'probe_runs_active',
  runsWaiting: 'probe_runs_waiting',
  rechecksTotal: 'probe_rechecks_total',
  online: 'probe_online',
  runsSkippedTotal: 'probe_runs_skipped_total',
  eventLoopLagSeconds: 'probe_event_loop_lag_seconds',
  pushedSamplesTotal: 'probe_pushed_samples_total',
  droppedSamplesTotal: 'probe_dropped_samples_total',
  pushRetriesTotal: 'probe_push_retries_total',
  queuedSamples: 'probe_queued_samples',
} as const;

/** Of the prober's process; the names that exporters have in common. `blackbox_...` for rules written for blackbox_exporter. */
export const PROBER_METRIC = {
  buildInfo: 'firedrill_build_info',
  reloadSuccessful: 'firedrill_config_last_reload_successful',
  reloadTimestampSeconds: 'firedrill_config_last_reload_success_timestamp_seconds',
  blackboxReloadSuccessful: 'blackbox_exporter_config_last_reload_successful',
  blackboxReloadTimestampSeconds: 'blackbox_exporter_config_last_reload_success_timestamp_seconds',
  blackboxModuleUnknownTotal: 'blackbox_module_unknown_total',
  requestsRefusedTotal: 'firedrill_probe_requests_refused_total',
  cpuSecondsTotal: 'process_cpu_seconds_total',
  residentMemoryBytes: 'process_resident_memory_bytes',
  startTimeSeconds: 'process_start_time_seconds',
} as const;

/**
 * Metrics of probed language models. Those of OpenTelemetry's conventions for clients of generative AI (v1.41) have its names in their
 * Prometheus form.
 */
export const LLM_METRIC = {
  timeToFirstChunkSeconds: 'gen_ai_client_operation_time_to_first_chunk_seconds',
  timePerOutputChunkSeconds: 'gen_ai_client_operation_time_per_output_chunk_seconds',
  operationDurationSeconds: 'gen_ai_client_operation_duration_seconds',
  tokenUsage: 'gen_ai_client_token_usage',
  /** Of the last generation. */
  firstReasoningTokenSeconds: 'probe_llm_first_reasoning_token_seconds',
  firstTokenSeconds: 'probe_llm_first_token_seconds',
  interTokenSeconds: 'probe_llm_inter_token_seconds',
  outputTokensPerSecond: 'probe_llm_output_tokens_per_second',
  keepAlives: 'probe_llm_keep_alives',
  answeredBy: 'probe_llm_answered_by',
  budgetUsedTokens: 'probe_llm_budget_used_tokens',
  budgetLimitTokens: 'probe_llm_budget_limit_tokens',
  budgetRemainingTokens: 'probe_llm_budget_remaining_tokens',
  budgetUsedUsd: 'probe_llm_budget_used_usd',
  budgetLimitUsd: 'probe_llm_budget_limit_usd',
  budgetRemainingUsd: 'probe_llm_budget_remaining_usd',
  budgetExhausted: 'probe_llm_budget_exhausted',
} as const;

/** Duration of the operations of an MCP client, by OpenTelemetry's conventions (v1.41) in their Prometheus form. */
export const MCP_METRIC = {
  operationDurationSeconds: 'mcp_client_operation_duration_seconds',
  /** Label: `tools/call` and the others. */
  method: 'mcp_method_name',
} as const;

/** Labels of OpenTelemetry's conventions for generative AI, in their Prometheus form. */
export const GEN_AI_LABEL = {
  operation: 'gen_ai_operation_name',
  provider: 'gen_ai_provider_name',
  model: 'gen_ai_request_model',
  tokenType: 'gen_ai_token_type',
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

/** The system label of alerts about monitoring itself. */
export const OPERATIONS_SYSTEM = 'firedrill';

/** The alert that always fires: when its receiver hears nothing, alerting itself is broken. */
export const WATCHDOG_ALERT = 'Watchdog';

/** The target label of a service. */
export function targetName(system: string, service: string): string {
  return `${system}/${service}`;
}

/** The rule group that holds the alerts of a system. */
export function ruleGroupName(system: string): string {
  return `firedrill-${system}`;
}
