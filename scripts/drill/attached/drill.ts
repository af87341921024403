import { DRILL_LABEL } from '../../../monitoring/drill/attached/apart.ts';
import { sampleMs } from '../../../monitoring/drill/synthetic/clock.ts';
import { HarnessError } from '../../process/harness-error.ts';
import { WebhookReceiver } from '../../stack/webhook.ts';
import { LagMeter } from '../lag.ts';
import type { LiveDrill } from '../report/live.ts';
import { collectResults, type Judged } from '../synthetic/results.ts';
import type { SyntheticDrillResult } from '../synthetic/types.ts';
import type { LivePair } from './api.ts';
import { endAll } from './end.ts';
import { BEYOND_MS, watchAll } from './follow.ts';
import { LOCK_BEAT_MS, LOCK_METRIC } from './lock.ts';
import { type Placed, place } from './place.ts';
import { Player } from './player.ts';
import { type Silences, silenceDrill } from './silences.ts';
import type { AttachedOptions, AttachedPlan } from './types.ts';
import { AttachedWatch, type Listened } from './watch.ts';

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
