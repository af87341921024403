import { setTimeout as delay } from 'node:timers/promises';
import { HarnessError } from '../../process/harness-error.ts';
import type { PrometheusClient } from '../../stack/prometheus-client.ts';
import { TICK } from './lane.ts';

const POLL_MS = 100;
const DEADLINE_MS = 30_000;
const RANGE = '60s';

/** A moment (Unix milliseconds) at which each group was evaluated; all others are multiples of its interval away. */
export async function learnPhases(
  prometheus: PrometheusClient,
  groups: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const phases = new Map<string, number>();
    for (const { labels, points } of await prometheus.queryRaw(`{__name__="${TICK}"}[${RANGE}]`)) {
      const last = points.at(-1);
      if (labels.group !== undefined && last !== undefined)
        phases.set(labels.group, Math.round(last.timeSeconds * 1_000));
    }
    const cold = groups.filter((group) => !phases.has(group));
    if (cold.length === 0) return phases;
    if (performance.now() > deadline) {
      throw new HarnessError(`Prometheus did not evaluate its rules in ${DEADLINE_MS / 1_000} s`, {
        reason: `groups without an evaluation: ${cold.slice(0, 5).join(', ')}`,
      });
    }
    await delay(POLL_MS, undefined, { signal });
  }
}
