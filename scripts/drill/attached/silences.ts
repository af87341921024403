import { setTimeout as delay } from 'node:timers/promises';
import { HarnessError } from '../../process/harness-error.ts';
import type { LivePair } from './api.ts';

const POLL_MS = 200;
const DEADLINE_MS = 10_000;
/** Beyond the end of the drill: the silence ends by itself if nobody is left to remove it. */
const SPARE_MS = 15 * 60_000;

/** Silences that keep receivers out of a drill. */
export interface Silences {
  readonly ids: readonly string[];
  end(): Promise<void>;
}

/** Silences every alert of a drill by its labels, and waits until that is in force. @throws HarnessError when it is not. */
export async function silenceDrill(
  pair: LivePair,
  marks: readonly { readonly label: string; readonly pattern: string }[],
  drill: { readonly id: string; readonly durationMs: number },
): Promise<Silences> {
  const ids: string[] = [];
  const end = async () => {
    for (const id of ids.splice(0)) await pair.endSilence(id);
  };
  try {
    for (const { label, pattern } of marks) {
      const matcher = { name: label, value: pattern, isRegex: true, isEqual: true };
      ids.push(await pair.silence(matcher, drill.durationMs + SPARE_MS, `firedrill: drill ${drill.id} of alerts`));
    }
    const deadline = performance.now() + DEADLINE_MS;
    for (const id of ids) {
      while ((await pair.silenceState(id)) !== 'active') {
        if (performance.now() > deadline) {
          throw new HarnessError('the silence of the drill did not come into force', { reason: `silence ${id}` });
        }
        await delay(POLL_MS);
      }
    }
    return { ids: [...ids], end };
  } catch (error) {
    await end();
    throw error;
  }
}
