import { setTimeout as delay } from 'node:timers/promises';
import { HarnessError } from '../../process/harness-error.ts';
import type { Player } from './player.ts';
import type { Silences } from './silences.ts';
import type { AttachedOptions, AttachedPlan } from './types.ts';
import type { AttachedWatch } from './watch.ts';

const POLL_MS = 500;
/** Prometheus sends an alert that is over at once, and Alertmanager takes it as it comes. */
const GONE_AFTER_MS = 30_000;

/** Ends series first and silences last: an alert that still fires must not reach anybody once they are gone. */
export async function endAll(ending: {
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
