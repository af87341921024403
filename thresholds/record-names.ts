/**
 * Names of recorded series, as `level:metric:operation`. The level `system_service` says that system, service and environment are what
 * is left of the labels.
 */

/** For dashboards, and what is kept for a year: rates and shares over five minutes. */
export const AGGREGATE = {
  requestRate: 'system_service:requests:rate5m',
  errorRate: 'system_service:request_errors:rate5m',
  errorRatio: 'system_service:request_errors:ratio_rate5m',
  p95Seconds: 'system_service:request_duration_seconds:p95_rate5m',
  probeSuccessRatio: 'system_service:probe_success:ratio_rate5m',
  up: 'system_service:up:min',
} as const;

/** Promises that have a budget of failures. */
export type BudgetKind = 'error' | 'latency';

/** How many times faster than allowed a budget is used up over a window, as one pair of windows sees it. */
export function burnRateName(kind: BudgetKind, pair: string, window: string): string {
  return `system_service:${kind}_budget_${pair}:burn_rate${window}`;
}

/** Failures in the long window of a pair. */
export function failuresName(kind: BudgetKind, pair: string, window: string): string {
  return `system_service:${kind}_budget_${pair}:failures_increase${window}`;
}

/** Of a 30-day budget: the share that is left, below 0 once it is spent, and the failures that used it. */
export const BUDGET: Readonly<Record<BudgetKind, { remaining: string; failures: string }>> = {
  error: {
    remaining: 'system_service:error_budget:remaining_ratio30d',
    failures: 'system_service:error_budget:failures_increase30d',
  },
  latency: {
    remaining: 'system_service:latency_budget:remaining_ratio30d',
    failures: 'system_service:latency_budget:failures_increase30d',
  },
};

/** Names the promise that a recorded series of a budget is about. */
export const PROMISE_LABEL = 'promise';
