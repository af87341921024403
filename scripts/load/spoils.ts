import type { LoadPlan, PlannedEndpoint } from '../../thresholds/plan-load.ts';
import { requestsPerIteration } from '../../thresholds/plan-load.ts';
import { formatCount, formatShare } from '../../thresholds/units.ts';
import { scenariosOf } from './executors.ts';
import { MAX_DROPPED_SHARE } from './k6-options.ts';
import { METRIC_KEY, rowCut, SESSION_CUT } from './metric-keys.ts';
import { figure, type K6Summary } from './summary.ts';

/** Over this share of its processors the generator itself is what is measured. */
export const MAX_CPU_SHARE = 0.9;

/**
 * Why the generator kept too little of the planned traffic on a row, or null. k6 drops an arrival exactly when no virtual user is free,
 * so users at their maximum show here too. On a ladder only the first step counts: the others are meant to go too far.
 */
export function droppedReason(planned: PlannedEndpoint, index: number, summary: K6Summary): string | null {
  const steps = scenariosOf(planned, index).slice(0, 1);
  const dropped = steps.reduce((sum, { name }) => sum + figure(summary, METRIC_KEY.dropped(name), 'count'), 0);
  const wanted = steps.reduce((sum, { iterations }) => sum + iterations, 0);
  if (wanted === 0 || dropped / wanted <= MAX_DROPPED_SHARE) return null;
  const users = steps.reduce((sum, { executor }) => sum + Number(executor.maxVUs), 0);
  return (
    `${formatCount(dropped)} of ${formatCount(wanted)} arrivals (${formatShare(dropped / wanted)}) dropped for want of a free ` +
    `virtual user (at most ${formatCount(users)}), at most ${formatShare(MAX_DROPPED_SHARE)} allowed`
  );
}

/** Why k6 as a whole was too busy to measure, or null. `cpuShare` is of all processors, null where it cannot be read. */
export function busyReason(cpuShare: number | null): string | null {
  if (cpuShare === null || cpuShare <= MAX_CPU_SHARE) return null;
  return `k6 used ${formatShare(cpuShare)} of its processors, at most ${formatShare(MAX_CPU_SHARE)} allowed`;
}

/**
 * Why the samples over the rows do not add up to the requests that k6 sent, or null. A request under a wrong tag is missing in
 * its row, where nobody would look for it.
 */
export function sumReason(plan: LoadPlan, summary: K6Summary): string | null {
  const total = figure(summary, METRIC_KEY.allRequests, 'count');
  const session = plan.endpoints.some(({ service }) => requestsPerIteration(service) > 1)
    ? figure(summary, METRIC_KEY.requests(SESSION_CUT), 'count')
    : 0;
  const counted = plan.endpoints.reduce(
    (sum, { row }) => sum + figure(summary, METRIC_KEY.requests(rowCut(row)), 'count'),
    session,
  );
  if (counted === total) return null;
  return (
    `k6 sent ${formatCount(total)} requests, but the rows account for ${formatCount(counted)}: ` +
    'a scenario tags its requests with a row that is not in the plan'
  );
}
