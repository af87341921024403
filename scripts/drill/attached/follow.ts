import { setTimeout as delay } from 'node:timers/promises';
import { judgeCase } from '../../../monitoring/drill/synthetic/judge.ts';
import { observedCase } from '../../../monitoring/drill/synthetic/observe.ts';
import { sortSightings } from '../../../monitoring/drill/synthetic/observed.ts';
import type { ObservedCase } from '../../../monitoring/drill/synthetic/result.ts';
import type { LagMeter } from '../lag.ts';
import type { LiveDrill } from '../report/live.ts';
import { syntheticState } from '../report/state.ts';
import type { Judged } from '../synthetic/results.ts';
import type { Placed } from './place.ts';
import type { Player } from './player.ts';
import type { AttachedWatch } from './watch.ts';

/** Others pay for each look: rules that are evaluated rarely are looked at more rarely. */
const POLL_MS = 500;
const SLOW_POLL_MS = 2_000;
/** Beyond the predicted times, so that late can be told from missed. */
export const BEYOND_MS = 5_000;
const LAG_LIMIT_MS = 1_000;

/** Follows all cases until nothing more is to come, and judges them. */
export async function watchAll(watched: {
  placed: readonly Placed[];
  watch: AttachedWatch;
  player: Player;
  lag: LagMeter;
  signal: AbortSignal;
  live: LiveDrill;
}): Promise<Judged[]> {
  const { placed, watch, player, lag, signal, live } = watched;
  const startMs = Date.now();
  const scripts = placed.flatMap(({ played }) => played.scripts);
  const lastMs = Math.max(
    ...placed.map(({ expected: { endMs, delivered, resolvedDelivered } }) =>
      Math.max(endMs, delivered?.[1] ?? 0, resolvedDelivered?.[1] ?? 0),
    ),
  );
  const endMs = Math.max(...placed.map(({ expected }) => expected.endMs));
  let observed = new Map<Placed, ObservedCase>();
  let open = placed.length;
  const shortestMs = Math.min(...placed.map(({ played }) => played.clock.wallEvaluationMs));
  const pollMs = Math.min(SLOW_POLL_MS, Math.max(POLL_MS, shortestMs / 4));
  while (Date.now() < endMs || (open > 0 && Date.now() < lastMs + BEYOND_MS)) {
    await delay(pollMs, undefined, { signal });
    player.check();
    await watch.look();
    const sightings = sortSightings(scripts, watch.states, watch.notified());
    observed = new Map(
      placed.map((each) => {
        const { others, ...seen } = observedCase(each.played, each.expected, () => sightings);
        // What looks at the same series may rightly fire with them.
        const explained = others.map((other) => ({ ...other, expected: each.companions.includes(other.alert) }));
        return [each, { ...seen, others: explained }];
      }),
    );
    const now = Date.now();
    const states = [...observed].map(([{ played, expected }, seen]) => {
      return { case: played.rule.name, state: syntheticState(expected, seen, now), seconds: (now - startMs) / 1_000 };
    });
    states.forEach(live.onProgress);
    open = states.filter(({ state }) => state !== 'resolved').length;
  }
  return [...observed].map(([{ played, expected }, seen]): Judged => {
    const lagMs = lag.longestMs(startMs, Date.now());
    const reason = lagMs > LAG_LIMIT_MS ? `the machine was busy: timers were ${Math.round(lagMs)} ms late` : null;
    const judgement = judgeCase(played, expected, seen, { missedEvaluations: 0, reason });
    return {
      case: played,
      expected,
      observed: seen,
      missedEvaluations: 0,
      disturbance: reason,
      judgement,
      attempts: 1,
    };
  });
}
