import { setTimeout as delay } from 'node:timers/promises';
import type { DrillCase } from '../../monitoring/drill/case.ts';
import { holdMs, windowMs } from '../../monitoring/drill/clock.ts';
import { trafficQuery } from '../../monitoring/drill/traffic.ts';
import type { DrillSession } from './session.ts';

/** Traffic needs a moment to reach its rate, and rules to see it. */
const SETTLE_MS = 1_000;

/**
 * Lets everything run without a fault for as long as the slowest rule would need to fire, and measures the requests per second that
 * each case's condition sees; null for one that counts none. Whatever fires meanwhile is found by the watch.
 */
export async function observeHealth(
  { clock, pair, signal, report }: DrillSession,
  cases: readonly DrillCase[],
): Promise<Map<DrillCase, number | null>> {
  report('healthy period', 'waiting');
  const longest = Math.max(0, ...cases.flatMap(({ alert }) => [windowMs(alert, clock), holdMs(alert, clock)]));
  await delay(SETTLE_MS + longest, undefined, { signal });
  const rates = new Map<DrillCase, number | null>();
  for (const each of cases) {
    const query = trafficQuery(each, `${Math.round(longest)}ms`);
    rates.set(each, query === null ? null : ((await pair.prometheus.query(query))[0]?.value ?? 0));
  }
  report('healthy period', 'pass');
  return rates;
}
