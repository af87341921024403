import type { Severity } from '../../../thresholds/model.ts';

/** Two windows over which a budget may be used up too fast: the long one tells that it matters, the short one that it still goes on. */
export interface WindowPair {
  /** Part of names of groups and recorded series. */
  id: string;
  /** End of the names of alerts. */
  suffix: string;
  severity: Severity;
  /** So many times faster than a whole budget in 30 days. */
  factor: number;
  longMs: number;
  shortMs: number;
  forMs: number;
  /** Fine enough for the short window, and under the look-back of 5 minutes, so that recorded series have no gaps. */
  intervalMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The window of a budget. */
export const BUDGET_WINDOW_MS = 30 * DAY_MS;
export const BUDGET_INTERVAL_MS = 4 * MINUTE_MS;
export const BUDGET_FOR_MS = HOUR_MS;

/** 2 % of the budget in an hour: it is gone in two days. */
export const PAGE_FAST: WindowPair = {
  id: 'page_fast',
  suffix: 'PageFast',
  severity: 'critical',
  factor: 14.4,
  longMs: HOUR_MS,
  shortMs: 5 * MINUTE_MS,
  forMs: 2 * MINUTE_MS,
  intervalMs: MINUTE_MS / 2,
};

/** 5 % of the budget in six hours: it is gone in five days. */
export const PAGE_SLOW: WindowPair = {
  id: 'page_slow',
  suffix: 'PageSlow',
  severity: 'critical',
  factor: 6,
  longMs: 6 * HOUR_MS,
  shortMs: 30 * MINUTE_MS,
  forMs: 15 * MINUTE_MS,
  intervalMs: MINUTE_MS,
};

/** 10 % of the budget in a day. */
const TICKET_FAST: WindowPair = {
  id: 'ticket_fast',
  suffix: 'TicketFast',
  severity: 'warning',
  factor: 3,
  longMs: DAY_MS,
  shortMs: 2 * HOUR_MS,
  forMs: HOUR_MS,
  intervalMs: 2 * MINUTE_MS,
};

/** 10 % of the budget in three days: it lasts just as long as its window. */
const TICKET_SLOW: WindowPair = {
  id: 'ticket_slow',
  suffix: 'TicketSlow',
  severity: 'warning',
  factor: 1,
  longMs: 3 * DAY_MS,
  shortMs: 6 * HOUR_MS,
  forMs: 3 * HOUR_MS,
  intervalMs: 4 * MINUTE_MS,
};

/**
 * Factors and windows of The Site Reliability Workbook (Google, 2018), chapter 5, "Multiwindow, Multi-Burn-Rate Alerts": 14.4 and 6 page,
 * 3 and 1 make a ticket, and each short window is a twelfth of the long one. `for` is that of kube-prometheus's alerts on error budgets: it outlasts a single late
 * scrape, and is small beside the time in which the budget would be spent.
 */
export const WINDOW_PAIRS: readonly WindowPair[] = [PAGE_FAST, PAGE_SLOW, TICKET_FAST, TICKET_SLOW];

/**
 * Failures that the long window must hold. At night, when ten requests come in an hour, one failed request is 10 % of them: it is not
 * worth anybody's sleep, and says little of the promise. An outage that fails every request is seen by alerts on availability.
 */
export const MIN_FAILURES = 5;
