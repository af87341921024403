import { setTimeout as delay } from 'node:timers/promises';
import type { DrillCase } from '../../monitoring/drill/case.ts';
import { caseClock, holdMs, windowMs } from '../../monitoring/drill/clock.ts';
import type { Health } from '../../monitoring/drill/predict.ts';
import { trafficQuery } from '../../monitoring/drill/traffic.ts';
import { quote, selector } from '../../monitoring/promql/text.ts';
import { LABEL, PROBE_METRIC } from '../../thresholds/names.ts';
import type { DrillSession } from './session.ts';

/** Traffic needs a moment to reach its rate, and rules to see it. */
const SETTLE_MS = 1_000;

/**
 * Lets everything run without a fault for as long as the slowest rule would need to fire, and measures the requests per second that
 * each case's condition sees, and the longest look of its probe. Whatever fires meanwhile is found by the watch.
 */
export async function observeHealth(
  { clock, pair, signal, report }: DrillSession,
  cases: readonly DrillCase[],
): Promise<Map<DrillCase, Health>> {
  report('healthy period', 'waiting');
  const longest = Math.max(
    0,
    ...cases.flatMap((each) => [windowMs(each.sight, clock), holdMs(each.alert, caseClock(each, clock))]),
  );
  await delay(SETTLE_MS + longest, undefined, { signal });
  const health = new Map<DrillCase, Health>();
  for (const each of cases) {
    const range = `${Math.round(longest)}ms`;
    const [traffic, look] = [trafficQuery(each, range), lookQuery(each, range)];
    const lookSeconds = look === null ? undefined : (await pair.prometheus.query(look))[0]?.value;
    health.set(each, {
      requestsPerSecond: traffic === null ? null : ((await pair.prometheus.query(traffic))[0]?.value ?? 0),
      lookMs: lookSeconds === undefined ? null : lookSeconds * 1_000,
    });
  }
  report('healthy period', 'pass');
  return health;
}

/** The longest look of a case's probe that is up, in seconds. */
function lookQuery({ sight }: DrillCase, range: string): string | null {
  if (sight.by !== 'probe') return null;
  const own = [`${LABEL.target}=${quote(sight.target)}`];
  const longest = `max_over_time(${selector(PROBE_METRIC.durationSeconds, own)}[${range}])`;
  return `${longest} and on (${LABEL.target}) ${selector(PROBE_METRIC.state, own)} == 1`;
}
