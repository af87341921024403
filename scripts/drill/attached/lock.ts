import { createHash } from 'node:crypto';
import { HarnessError } from '../../process/harness-error.ts';
import { withMachineLock } from '../../process/machine-lock.ts';
import type { LivePair } from './api.ts';

/** A series with this name says that a drill is under way, to drills on other machines. */
export const LOCK_METRIC = 'firedrill_drill_lock';
/** The marker is written this often; without one for three times as long, its drill has died. */
export const LOCK_BEAT_MS = 5_000;
const DEAD_AFTER_MS = 3 * LOCK_BEAT_MS;

/**
 * Does `work` while no other drill of this machine works on the same Prometheus.
 * @throws HarnessError when one does, here or by its marker in Prometheus.
 */
export async function withDrillLock<T>(
  pair: LivePair,
  { cacheDir, signal }: { readonly cacheDir: string; readonly signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const name = `drill-${createHash('sha256').update(new URL(pair.prometheusUrl).host).digest('hex').slice(0, 16)}`;
  return withMachineLock({ cacheDir, name, deadlineMs: 0, signal }, async () => {
    const [marker] = await pair.query(`last_over_time(${LOCK_METRIC}[${DEAD_AFTER_MS}ms])`);
    if (marker !== undefined) {
      throw new HarnessError(`another drill works on ${pair.prometheusUrl}`, {
        reason: `its marker is ${LOCK_METRIC}${JSON.stringify(marker.metric)}`,
        hint: `wait until it has ended; the marker of a drill that died is gone after ${DEAD_AFTER_MS / 1_000} s`,
      });
    }
    return work();
  });
}
