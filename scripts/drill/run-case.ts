import { setTimeout as delay } from 'node:timers/promises';
import type { DrillCase } from '../../monitoring/drill/case.ts';
import { caseClock, windowMs } from '../../monitoring/drill/clock.ts';
import { judgeAttempt } from '../../monitoring/drill/judge.ts';
import { neededRequests } from '../../monitoring/drill/onset.ts';
import { type Health, predict } from '../../monitoring/drill/predict.ts';
import { measuredTimes, unmeasuredRow } from '../../monitoring/drill/row.ts';
import type { Episode } from '../../monitoring/drill/timeline.ts';
import type { AlertRow } from '../../thresholds/verdict.ts';
import { Attempt } from './attempt.ts';
import { findDisturbance } from './harness.ts';
import type { DrillSession } from './session.ts';

/** A lagging harness proves nothing: a case is tried up to three times before it is given up as undecided. */
const ATTEMPTS = 3;
const CALM_MS = 2_000;
const CALM_DEADLINE_MS = 20_000;
/** Traffic is random: below this share of what is needed, chance alone could decide. */
const ENOUGH = 0.5;

/** Drills one alert and gives its row. `groupShared`: others may fire in the same notification group. */
export async function runCase(
  session: DrillSession,
  drillCase: DrillCase,
  health: Health,
  groupShared: boolean,
): Promise<AlertRow> {
  const { id } = drillCase;
  const { clock } = session;
  const base = unmeasuredRow(drillCase, caseClock(drillCase, clock).compression, 'inconclusive', '');
  const obstacle = findObstacle(session, drillCase, health);
  if (obstacle !== null) return finish(obstacle);
  for (let attempt = 1; ; attempt++) {
    const prediction = predict({ drillCase, clock, health, groupKnown: groupShared || attempt > 1 });
    if ('impossible' in prediction) return finish({ reason: prediction.impossible });
    const evidence = await new Attempt(session, drillCase, prediction).run();
    const { outcome, reason } = judgeAttempt(drillCase, evidence);
    const row = { ...base, ...measuredTimes(evidence) };
    if (outcome !== 'undecided') return finish({ ...row, outcome, reason });
    if (attempt === ATTEMPTS) return finish({ ...row, reason: `undecided after ${ATTEMPTS} attempts: ${reason}` });
    session.report(id, 'again');
    await untilCalm(session, drillCase);
  }

  function finish(found: Partial<AlertRow>): AlertRow {
    const row = { ...base, ...found };
    session.report(id, row.outcome);
    return row;
  }
}

/**
 * A busy machine stays busy for a while: another attempt waits until nothing has lagged for a moment and the alert is inactive, but not
 * for ever.
 */
async function untilCalm(session: DrillSession, drillCase: DrillCase): Promise<void> {
  const { pair, lag, clock, signal } = session;
  const deadline = performance.now() + CALM_DEADLINE_MS;
  while (performance.now() < deadline) {
    await delay(CALM_MS, undefined, { signal });
    const now = Date.now();
    const disturbance = await findDisturbance(pair.prometheus, lag, clock, now - CALM_MS, now);
    if (disturbance === null && recent(session, drillCase).length === 0) return;
  }
}

/** Episodes of the case's alert that are not over. */
function recent({ watch, clock }: DrillSession, { alert, system, service }: DrillCase): Episode[] {
  const key = { alert: alert.name, system: system.id, service };
  return watch.episodes(key, Date.now() - 4 * clock.evaluationMs);
}

function findObstacle(
  session: DrillSession,
  drillCase: DrillCase,
  { requestsPerSecond }: Health,
): Partial<AlertRow> | null {
  const { clock, pair } = session;
  const { alert, sight, fault, nearMiss, group } = drillCase;
  const refused = pair.refused.find((rule) => rule.group === group && rule.rule === alert.name);
  if (refused !== undefined) return { reason: `cannot run on a faster clock: ${refused.reason}` };
  if (recent(session, drillCase).some(({ firingAtMs }) => firingAtMs !== null)) {
    return { outcome: 'fail', reason: 'fired in health: it was firing before any fault was switched on' };
  }
  if (sight.by === 'probe') return null;
  const needed = neededRequests(sight.condition, fault, nearMiss);
  const seen = ((requestsPerSecond ?? 0) * windowMs(sight, clock)) / 1_000;
  if (seen >= needed * ENOUGH) return null;
  return { reason: `too little traffic: ${Math.round(seen)} requests in its window, ${needed} needed to tell` };
}
