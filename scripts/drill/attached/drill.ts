import { setTimeout as delay } from 'node:timers/promises';
import { DRILL_LABEL } from '../../../monitoring/drill/attached/apart.ts';
import { sampleMs } from '../../../monitoring/drill/synthetic/clock.ts';
import { judgeCase } from '../../../monitoring/drill/synthetic/judge.ts';
import { observedCase } from '../../../monitoring/drill/synthetic/observe.ts';
import { sortSightings } from '../../../monitoring/drill/synthetic/observed.ts';
import type { ObservedCase } from '../../../monitoring/drill/synthetic/result.ts';
import { HarnessError } from '../../process/harness-error.ts';
import { WebhookReceiver } from '../../stack/webhook.ts';
import { LagMeter } from '../lag.ts';
import type { LiveDrill } from '../report/live.ts';
import { syntheticState } from '../report/state.ts';
import { collectResults, type Judged } from '../synthetic/results.ts';
import type { SyntheticDrillResult } from '../synthetic/types.ts';
import type { LivePair } from './api.ts';
import { LOCK_BEAT_MS, LOCK_METRIC } from './lock.ts';
import { type Placed, place } from './place.ts';
import { Player } from './player.ts';
import { type Silences, silenceDrill } from './silences.ts';
import type { AttachedOptions, AttachedPlan } from './types.ts';
import { AttachedWatch, type Listened } from './watch.ts';

/** Others pay for each look: rules that are evaluated rarely are looked at more rarely. */
const POLL_MS = 500;
const SLOW_POLL_MS = 2_000;
/** Beyond the predicted times, so that late can be told from missed. */
const BEYOND_MS = 5_000;
const LAG_LIMIT_MS = 1_000;
/** Prometheus sends an alert that is over at once, and Alertmanager takes it as it comes. */
const GONE_AFTER_MS = 30_000;

/**
 * Does what a plan says: silences, series, watching, and the end of all of them whatever happens, also when `signal` is aborted; then it throws
 * the reason. A pair that fails meanwhile is a problem in the result.
 */
export function runAttachedDrill(
  pair: LivePair,
  plan: AttachedPlan,
  options: AttachedOptions,
  live: LiveDrill,
): Promise<SyntheticDrillResult> {
  return resultOf(plan, options, () => play(pair, plan, options, live));
}

/** The result of a plan whose cases `work` plays. */
export async function resultOf(
  plan: AttachedPlan,
  { signal, output }: Pick<AttachedOptions, 'signal' | 'output'>,
  work: () => Promise<readonly Judged[]>,
): Promise<SyntheticDrillResult> {
  const startedAt = performance.now();
  const judged = new Map<number, Judged>();
  const collected = {
    options: {},
    rules: plan.rules,
    fileProblems: [],
    routes: plan.routes,
    judged,
    undrillable: plan.refused,
  };
  try {
    if (plan.cases.length > 0) {
      for (const each of await work()) judged.set(each.case.rule.id, each);
    }
    return collectResults({ ...collected, wallMs: performance.now() - startedAt });
  } catch (error) {
    // Whoever interrupted it must hear of a silence that is left.
    if (signal.aborted && error instanceof HarnessError) output.line(error.describe());
    signal.throwIfAborted();
    return collectResults({ ...collected, wallMs: performance.now() - startedAt, error });
  }
}

async function play(pair: LivePair, plan: AttachedPlan, options: AttachedOptions, live: LiveDrill): Promise<Judged[]> {
  const { webhook } = options;
  if (webhook === null) return playOn(pair, plan, null, options, live);
  const server = await WebhookReceiver.start(webhook);
  try {
    return await playOn(pair, plan, { server, to: (receiver) => receiver === webhook.receiver }, options, live);
  } finally {
    await server.close();
  }
}

/** Plays the cases of a plan on a pair, watches them, and ends what it began. @throws the reason of `signal` when that is aborted. */
export async function playOn(
  pair: LivePair,
  plan: AttachedPlan,
  listened: Listened | null,
  { signal, output }: Pick<AttachedOptions, 'signal' | 'output'>,
  live: LiveDrill,
): Promise<Judged[]> {
  const lag = new LagMeter();
  let silences: Silences | null = null;
  let player: Player | null = null;
  const watch = new AttachedWatch(pair, plan, listened);
  try {
    if (plan.silenced) silences = await silenceDrill(pair, plan.marks, plan);
    const startMs = Date.now();
    const placed = plan.cases.map((each) => place(each, startMs, plan, listened));
    player = startPlayer(pair, plan, placed);
    await player.start();
    return await watchAll({ placed, watch, player, lag, signal, live });
  } finally {
    lag.stop();
    await endAll({ plan, watch, player, silences, output });
  }
}

function startPlayer(pair: LivePair, plan: AttachedPlan, placed: readonly Placed[]): Player {
  const scripts = placed.flatMap(({ played, placement, expected }) =>
    played.scripts.map((script) => {
      return { script, placement, intervalMs: sampleMs(played.clock), untilMs: expected.endMs + BEYOND_MS };
    }),
  );
  const labels = { __name__: LOCK_METRIC, [DRILL_LABEL]: `firedrill-${plan.id}` };
  return new Player(pair.prometheusUrl, scripts, { labels, everyMs: LOCK_BEAT_MS });
}

async function watchAll(watched: {
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

/** Ends series first and silences last: an alert that still fires must not reach anybody once they are gone. */
async function endAll(ending: {
  plan: AttachedPlan;
  watch: AttachedWatch;
  player: Player | null;
  silences: Silences | null;
  output: AttachedOptions['output'];
}): Promise<void> {
  const { plan, watch, player, silences, output } = ending;
  if (silences === null) {
    await player?.end();
    return;
  }
  try {
    await player?.end();
  } catch (cause) {
    throw new HarnessError('the series of the drill could not be ended: the silence was left in force', {
      reason: `${cause instanceof HarnessError ? cause.describe() : String(cause)}\nsilence ${silences.ids.join(', ')} ends by itself`,
      cause,
    });
  }
  const intervals = plan.cases.map(({ played }) => played.clock.wallEvaluationMs);
  const held = plan.cases.map(({ played }) => played.rule.keepFiringForMs);
  const deadline = performance.now() + GONE_AFTER_MS + 3 * Math.max(...intervals) + Math.max(...held);
  output.progress('  waiting until the alerts of the drill are over');
  while (await watch.active()) {
    if (performance.now() > deadline) {
      throw new HarnessError('alerts of the drill still fire after its end: the silence was left in force', {
        reason: `silence ${silences.ids.join(', ')} ends by itself`,
      });
    }
    await delay(POLL_MS);
  }
  await silences.end();
}
