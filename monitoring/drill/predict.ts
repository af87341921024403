import type { DrillCase } from './case.ts';
import { caseClock, compressed, type DrillClock, holdMs, windowMs } from './clock.ts';
import { latestOnset, UNDER_WAY_MS } from './onset.ts';
import { probeTimes } from './probes.ts';

/**
 * What is granted to a busy machine on top of the computed times: scrapes, evaluations and posts that come late because the
 * processors are shared. Measured on two cores with two drills side by side.
 */
export const SLACK_MS = 750;

/** When a case must have happened, wall milliseconds after its fault came on or was cleared. */
export interface Prediction {
  /** Pending lasts exactly this long. */
  holdMs: number;
  /** From fault to firing, latest. */
  firingMs: number;
  /** From firing to the first delivery, earliest. */
  groupWaitMs: number;
  /** From fault to delivery, earliest and latest. */
  deliveryMs: [number, number];
  /** From the end of the fault to resolved, latest, and to the resolved notification, latest. */
  resolvedMs: number;
  resolvedDeliveryMs: number;
}

/** What a case's sight was like in health. */
export interface Health {
  /** Requests that its condition counts; null where it counts none. */
  requestsPerSecond: number | null;
  /** Longest look of its probe; null without one, or when it never saw a success. */
  lookMs: number | null;
}

export interface PredictionInput {
  drillCase: DrillCase;
  clock: DrillClock;
  health: Health;
  /**
   * True when Alertmanager may still hold the group of an earlier attempt: it then waits for the rest of the group interval
   * instead of the group wait (0.25 forgets an emptied group only every 30 seconds).
   */
  groupKnown: boolean;
}

/**
 * The interval in which an alert must reach its receivers: scrape and evaluation phase, the time until the condition is true, `for`
 * rounded up to whole evaluations, the group's wait, and {@link SLACK_MS}.
 */
export function predict(input: PredictionInput): Prediction | { impossible: string } {
  const { drillCase, clock, groupKnown } = input;
  const { alert, system } = drillCase;
  const { evaluationMs } = clock;
  const sight = sightTimes(input);
  if ('impossible' in sight) return sight;
  const own = caseClock(drillCase, clock);
  const hold = holdMs(alert, own);
  const groupWait = compressed(system.routing.groupWaitMs, clock);
  const groupInterval = compressed(system.routing.groupIntervalMs, clock);
  const firingMs = sight.onsetMs + hold + evaluationMs + SLACK_MS;
  const earliestWait = groupKnown ? 0 : groupWait;
  const latestWait = groupKnown ? Math.max(groupWait, groupInterval) : groupWait;
  const keep = compressed(alert.keepFiringForMs, own);
  const resolvedMs = sight.recoveryMs + evaluationMs + keep + SLACK_MS;
  return {
    holdMs: hold,
    firingMs,
    groupWaitMs: earliestWait,
    deliveryMs: [hold + earliestWait, firingMs + latestWait],
    resolvedMs,
    resolvedDeliveryMs: resolvedMs + groupInterval,
  };
}

/** Until the expression sees the fault, and until it sees nothing of it any more. */
function sightTimes({
  drillCase,
  clock,
  health,
}: PredictionInput): { onsetMs: number; recoveryMs: number } | { impossible: string } {
  const { sight, fault } = drillCase;
  if (sight.by === 'probe') {
    if (health.lookMs === null) return { impossible: 'its probe saw no success in health' };
    return probeTimes(sight, fault, health.lookMs, clock);
  }
  const { scrapeMs } = clock;
  const window = windowMs(sight, clock);
  const { requestsPerSecond } = health;
  const onset = latestOnset({ condition: sight.condition, fault, windowMs: window, scrapeMs, requestsPerSecond });
  if ('impossible' in onset) return onset;
  // Bad requests leave the window one window after the last of them, which may take as long as the fault delays it.
  const lastBad = window === 0 ? 0 : (fault.delayMs ?? 0) + UNDER_WAY_MS;
  return { onsetMs: onset.latestMs, recoveryMs: lastBad + window + 2 * scrapeMs };
}
