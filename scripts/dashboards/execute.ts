import { setTimeout as delay } from 'node:timers/promises';
import type { Catalogue } from '../../thresholds/model.ts';
import type { DashboardRow } from '../../thresholds/verdict.ts';
import type { Look, Onlooker } from './look.ts';
import { TIMES } from './look.ts';
import type { PanelQuery } from './panel-query.ts';
import { type Disturbed, planRounds, type Round } from './rounds.ts';
import { type Course, movement } from './sight.ts';

/** What happens to the services; the fleet does it. */
export interface World {
  disturb(disturbance: Disturbed): Promise<void>;
  calm(disturbance: Disturbed): Promise<void>;
}

export interface Execution {
  catalogue: Catalogue;
  queries: readonly PanelQuery[];
  onlooker: Onlooker;
  world: World;
  signal: AbortSignal;
  /** Time for all series to be there; 0 where they are. Default a minute: a fresh Prometheus needs two scrapes, a probe its first run. */
  warmWithinMs?: number;
  onRound?: (done: number, of: number) => void;
  /** False: healthy values only, without any disturbance. */
  disturb: boolean;
}

/** Healthy values to compare with: as long as the panels' range, and settled. */
const BEFORE_MS = 20_000;
/** Until no window of a query reaches back to the last disturbance. */
const RECOVERY_MS = BEFORE_MS + TIMES.rangeMs + 4_000;
/** Until a disturbance must show: a rate's window, a probe that is confirmed, an evaluation. */
const SHOWS_WITHIN_MS = 25_000;
const POLL_MS = 1_500;
/** Looks that must see it, over longer than the window of a rate: one unusual moment is seen by two of them. */
const SEEN_IN_A_ROW = 4;
/** Four steps. */
const RECENT_MS = 3 * TIMES.stepMs;

/** Runs every query of every panel, healthy and under the disturbance that it should show: one row for each. */
export async function executePanels(execution: Execution): Promise<DashboardRow[]> {
  const { queries, catalogue, onRound, signal } = execution;
  const looks = await lookAtAll(execution);
  const sound = queries.filter((query) => healthy(query, looks.get(query)) === 'pass');
  const rounds = execution.disturb ? planRounds(sound, catalogue) : [];
  const movements = new Map<PanelQuery, string | null>();
  for (const [index, round] of rounds.entries()) {
    await delay(RECOVERY_MS, undefined, { signal });
    await play(round, execution, movements);
    onRound?.(index + 1, rounds.length);
  }
  return queries.map((query) => {
    const look = looks.get(query);
    return execution.disturb ? disturbedRow(query, look, movements.get(query)) : healthyRow(query, look);
  });
}

async function lookAtAll({
  queries,
  onlooker,
  signal,
  warmWithinMs = 60_000,
}: Execution): Promise<Map<PanelQuery, Look>> {
  const deadline = performance.now() + warmWithinMs;
  const looks = new Map<PanelQuery, Look>();
  for (;;) {
    const open = queries.filter((query) => healthy(query, looks.get(query)) === 'fail');
    for (const query of open) looks.set(query, await onlooker.look(query));
    if (open.length === 0 || performance.now() > deadline) return looks;
    await delay(POLL_MS, undefined, { signal });
  }
}

async function play(
  round: Round,
  { onlooker, world, signal }: Execution,
  movements: Map<PanelQuery, string | null>,
): Promise<void> {
  const before = new Map<PanelQuery, Course>();
  const streaks = new Map<PanelQuery, number>();
  const open = new Set(round.flatMap(({ queries }) => queries));
  for (const query of open) before.set(query, await onlooker.course(query, BEFORE_MS));
  try {
    for (const { disturbance } of round) await world.disturb(disturbance);
    const deadline = performance.now() + SHOWS_WITHIN_MS;
    while (open.size > 0 && performance.now() < deadline) {
      await delay(POLL_MS, undefined, { signal });
      for (const query of open) {
        const [now, recent] = [await onlooker.course(query, 0), await onlooker.course(query, RECENT_MS)];
        const moved = movement(before.get(query) ?? new Map(), now, recent);
        const seen = moved === null ? 0 : (streaks.get(query) ?? 0) + 1;
        streaks.set(query, seen);
        movements.set(query, seen < SEEN_IN_A_ROW ? null : moved);
        if (seen >= SEEN_IN_A_ROW) open.delete(query);
      }
    }
  } finally {
    for (const { disturbance } of round) await world.calm(disturbance);
  }
}

/** Whether a query shows what it should while all is well. */
export function healthy(query: PanelQuery, look: Look | undefined): 'pass' | 'fail' {
  if (look?.sight === 'data') return look.problem === '' ? 'pass' : 'fail';
  return look?.sight === 'empty' && query.emptyWhenHealthy !== null ? 'pass' : 'fail';
}

/** What a query shows while all is well; `faulty` is empty. */
function healthyRow(query: PanelQuery, look: Look | undefined): DashboardRow {
  const { dashboard, panel, refId, expr } = query;
  const outcome = healthy(query, look);
  const reason = outcome === 'pass' ? '' : (look?.problem ?? 'it was not run');
  return { dashboard, panel, query: `${refId}: ${expr}`, healthy: look?.sight ?? 'error', faulty: '', outcome, reason };
}

function disturbedRow(query: PanelQuery, look: Look | undefined, moved: string | null | undefined): DashboardRow {
  const { shows, still } = query;
  const row = healthyRow(query, look);
  if (row.outcome === 'fail') return { ...row, faulty: 'not tried' };
  if (shows === null) return { ...row, faulty: 'still', outcome: 'pass', reason: still ?? '' };
  if (typeof moved === 'string') return { ...row, faulty: `moved: ${moved}`, outcome: 'pass', reason: '' };
  const cause = `${shows.kind} of ${shows.system}/${shows.service}`;
  return { ...row, faulty: 'same', outcome: 'fail', reason: `it should show ${cause} and does not move` };
}
