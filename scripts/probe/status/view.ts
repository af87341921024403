import type { HistoryPoint, HistoryWindow } from '../../../probes/history/record.ts';
import type { StatusBoard, TargetStatus } from '../../../probes/history/status-board.ts';
import { CARD } from '../../../thresholds/card.ts';
import { parseShare } from '../../../thresholds/units.ts';

/** What a target is said to be, worst first: the order of the page. */
export const STATES_WORST_FIRST = ['down', 'failing', 'unknown', 'degraded', 'waiting', 'maintenance', 'up'] as const;

export type State = (typeof STATES_WORST_FIRST)[number];

/** A target as the page shows it. */
export interface TargetView {
  status: TargetStatus;
  state: State;
  hour: HistoryWindow;
  /** Share of good runs; null without a judged one. */
  uptime: { hour: number | null; day: number | null; month: number | null };
  /** Share of the 30 days' error budget that is left, below 0 when overspent; null while the runs are too few to tell. */
  budgetLeft: number | null;
}

const PROMISED = parseShare(CARD.objectives.success);

/** Runs below which a share of 99 % says nothing: 3 / (1 - promise), as verdicts are judged. */
const MIN_RUNS = Math.ceil(3 / (1 - PROMISED));

/** A target as of now. */
export function viewTarget(board: StatusBoard, status: TargetStatus, nowMs: number): TargetView {
  const hour = board.history.read(status.id, 'hour', nowMs);
  const month = board.history.read(status.id, 'month', nowMs);
  return {
    status,
    state: stateOf(status),
    hour,
    uptime: {
      hour: uptimeOf(hour),
      day: uptimeOf(board.history.read(status.id, 'day', nowMs)),
      month: uptimeOf(month),
    },
    budgetLeft: budgetLeftOf(month),
  };
}

/**
 * One word for a target. `failing`: the last run failed, but the state is not confirmed; `unknown`: the last run could not be judged;
 * `waiting`: no run yet.
 */
export function stateOf({ up, maintenance, last }: Pick<TargetStatus, 'up' | 'maintenance' | 'last'>): State {
  if (maintenance) return 'maintenance';
  if (last === null) return 'waiting';
  if (up === false) return 'down';
  if (last.outcome === 'unknown') return 'unknown';
  if (last.outcome === 'failure') return 'failing';
  return last.degraded ? 'degraded' : 'up';
}

/** How many targets are in each state. */
export function countStates(statuses: Iterable<TargetStatus>): Record<State, number> {
  const counts = Object.fromEntries(STATES_WORST_FIRST.map((state) => [state, 0])) as Record<State, number>;
  for (const status of statuses) counts[stateOf(status)] += 1;
  return counts;
}

/** Share of good runs; null without a judged one. */
export function uptimeOf({ judged, good }: Pick<HistoryWindow, 'judged' | 'good'>): number | null {
  return judged === 0 ? null : good / judged;
}

/** Error budget left: 1 minus the bad share over the bad share that is allowed. */
export function budgetLeftOf({ judged, good }: Pick<HistoryWindow, 'judged' | 'good'>): number | null {
  return judged < MIN_RUNS ? null : 1 - (judged - good) / judged / (1 - PROMISED);
}

/** The worst first, then by name. */
export function byUrgency(a: Pick<TargetStatus, 'id' | 'up' | 'maintenance' | 'last'>, b: typeof a): number {
  const rank = (status: typeof a) => STATES_WORST_FIRST.indexOf(stateOf(status));
  return rank(a) - rank(b) || (a.id < b.id ? -1 : 1);
}

/** Whether a bucket saw a failure. */
export function hasFailure({ judged, good }: HistoryPoint): boolean {
  return good < judged;
}
