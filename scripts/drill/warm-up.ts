import { setTimeout as delay } from 'node:timers/promises';
import { fleetGroups } from '../../monitoring/drill/groups.ts';
import { scrapedServices } from '../../monitoring/targets.ts';
import type { Catalogue } from '../../thresholds/model.ts';
import { LABEL, targetName } from '../../thresholds/names.ts';
import { HarnessError } from '../process/harness-error.ts';
import type { PrometheusClient } from '../stack/prometheus-client.ts';
import { groupIterations } from './harness.ts';
import type { Pair } from './pair.ts';

const POLL_MS = 200;
/** It takes 6 seconds on an idle machine with Prometheus 2.42. */
const DEADLINE_MS = 60_000;
/** `absent()` and `up` rules may fire falsely before the second scrape. */
const SCRAPES = 2;
/** Prometheus writes `ALERTS` from the third evaluation on. */
const EVALUATIONS = 3;

/** Waits until every service of the catalogue was scraped twice, every rule group was evaluated three times, and every target was probed. */
export async function untilWarm(
  { prometheus, prober }: Pick<Pair, 'prometheus' | 'prober'>,
  catalogue: Catalogue,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const unseen = prober.waiting().map((target) => `${target} was not probed`);
    const cold = [...unseen, ...(await findCold(prometheus, catalogue))];
    if (cold.length === 0) return;
    if (performance.now() > deadline) {
      throw new HarnessError(`the drill's Prometheus did not get warm in ${DEADLINE_MS / 1_000} s`, {
        reason: cold.join('\n'),
      });
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

async function findCold(prometheus: PrometheusClient, catalogue: Catalogue): Promise<string[]> {
  const scraped = await prometheus.query(`count_over_time(up[5m]) >= ${SCRAPES}`);
  const warm = new Set(
    scraped.map(({ labels }) => targetName(labels[LABEL.system] ?? '', labels[LABEL.service] ?? '')),
  );
  const targets = scrapedServices(catalogue).filter(({ target }) => !warm.has(target));
  const iterations = await groupIterations(prometheus.url);
  const groups = fleetGroups(catalogue)
    .map(({ name }) => name)
    .filter((group) => (iterations.get(group)?.done ?? 0) < EVALUATIONS);
  return [
    ...targets.map(({ target }) => `${target} was not scraped ${SCRAPES} times`),
    ...groups.map((group) => `rule group ${group} was not evaluated ${EVALUATIONS} times`),
  ];
}
