import type { DrillClock } from '../../monitoring/drill/clock.ts';
import { formatDuration } from '../../thresholds/units.ts';
import { HarnessError } from '../process/harness-error.ts';
import type { PrometheusClient } from '../stack/prometheus-client.ts';
import type { LagMeter } from './lag.ts';

/** Own timers that late mean that this process did not get its share of the processors. */
const LAG_LIMIT_MS = 250;
/** A scrape of the fleet takes 2 to 10 ms on an idle machine; when the median target once took this long, the machine is busy. */
const SCRAPE_LIMIT_SECONDS = 0.1;
/** Share of scrapes that must have happened. */
const SCRAPES_KEPT = 0.9;
const METRICS_TIMEOUT_MS = 10_000;

/**
 * What made the drill's own times unreliable in an interval of Unix milliseconds, as a sentence; null when nothing did. It looks at this
 * process, and at the scrapes of all targets by their median, which no single fault moves.
 */
export async function findDisturbance(
  prometheus: PrometheusClient,
  lag: LagMeter,
  clock: DrillClock,
  fromMs: number,
  toMs: number,
): Promise<string | null> {
  const lagMs = lag.longestMs(fromMs, toMs);
  if (lagMs > LAG_LIMIT_MS) return `the machine was busy: timers were ${formatDuration(lagMs)} late`;
  const range = `${Math.round(toMs - fromMs)}ms`;
  const at = toMs / 1_000;
  const median = (inner: string) => prometheus.query(`quantile(0.5, ${inner})`, at);
  const [slowest] = await median(`max_over_time(scrape_duration_seconds[${range}])`);
  if (slowest !== undefined && slowest.value > SCRAPE_LIMIT_SECONDS) {
    return `the machine was busy: scrapes took up to ${formatDuration(slowest.value * 1_000)}`;
  }
  const [scrapes] = await median(`count_over_time(up[${range}])`);
  const expected = Math.floor((toMs - fromMs) / clock.scrapeMs);
  if (scrapes !== undefined && scrapes.value < expected * SCRAPES_KEPT) {
    return `the machine was busy: ${scrapes.value} of ${expected} scrapes happened`;
  }
  return null;
}

/** How often a rule group was evaluated, and how often it should have been and was not. */
export interface GroupIterations {
  done: number;
  missed: number;
}

/** Counts by rule group, from Prometheus's own metrics page. Groups that were never evaluated are left out. */
export async function groupIterations(prometheusUrl: string): Promise<Map<string, GroupIterations>> {
  const page = await metricsPage(prometheusUrl);
  const groups = new Map<string, GroupIterations>();
  for (const line of page.split('\n')) {
    const match = /^prometheus_rule_group_iterations_(missed_)?total\{rule_group="[^"]*;([^";]+)"\} (\S+)/.exec(line);
    if (match === null) continue;
    const [, missed, group = '', value] = match;
    const counts = groups.get(group) ?? { done: 0, missed: 0 };
    counts[missed === undefined ? 'done' : 'missed'] = Number(value);
    groups.set(group, counts);
  }
  return groups;
}

async function metricsPage(prometheusUrl: string): Promise<string> {
  const address = `${prometheusUrl}/metrics`;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(METRICS_TIMEOUT_MS) });
    return await response.text();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HarnessError('Prometheus did not answer', { reason: `${address}: ${reason}`, cause });
  }
}
