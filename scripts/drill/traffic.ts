import type { DrillCase } from '../../monitoring/drill/case.ts';
import { type DrillClock, windowMs } from '../../monitoring/drill/clock.ts';
import { neededRequests } from '../../monitoring/drill/onset.ts';
import { targetName } from '../../thresholds/names.ts';
import type { Fleet } from '../fleet/fleet-types.ts';

/** To every simulated service, so that none is silent. */
const BASE_PER_SECOND = 4;
/** A condition may look at a small part of the service's endpoints only: never less than this to a service under test. */
const LEAST_PER_SECOND = 60;
/** The fleet answers thousands a second; more than this would be a load test. */
const MOST_PER_SECOND = 300;
/** Requests come at random: on average half as many again as are needed. */
const MARGIN = 1.5;

/**
 * Sends each service whose requests a condition counts so many that chance moves neither its near miss nor its fault across the limit.
 * Returns the function that goes back to light traffic.
 */
export async function startDrillTraffic(
  fleet: Fleet,
  cases: readonly DrillCase[],
  clock: DrillClock,
): Promise<() => Promise<void>> {
  await fleet.startBackground({ requestsPerSecond: BASE_PER_SECOND, services: trafficPlan(cases, clock) });
  return () => fleet.startBackground({ requestsPerSecond: BASE_PER_SECOND });
}

/** Requests per second by target. */
export function trafficPlan(cases: readonly DrillCase[], clock: DrillClock): Record<string, number> {
  const plan: Record<string, number> = {};
  for (const { sight, system, service, fault, nearMiss } of cases) {
    const needed = sight.by === 'probe' ? 0 : neededRequests(sight.condition, fault, nearMiss);
    if (needed === 0) continue;
    const target = targetName(system.id, service);
    const perSecond = (needed / (windowMs(sight, clock) / 1_000)) * MARGIN;
    plan[target] = Math.max(plan[target] ?? LEAST_PER_SECOND, Math.min(MOST_PER_SECOND, Math.ceil(perSecond)));
  }
  return plan;
}
