import type { Catalogue, Service, System } from '../../thresholds/model.ts';
import { LABEL, OPERATIONS_SYSTEM, PROBE_METRIC } from '../../thresholds/names.ts';
import { AGGREGATE } from '../../thresholds/record-names.ts';
import { IDENTITY_LABELS, quote, selector, sumBy } from '../promql/text.ts';
import { servicesMatchers } from './burn/promise.ts';
import type { AlertGroup, Recording } from './derived-alert.ts';

/** Under the look-back of 5 minutes, so that a line on a dashboard has no gaps. */
const INTERVAL_MS = 60_000;
const WINDOW = '5m';

/**
 * What is kept for a year, and read by dashboards over long times: rates, shares and percentiles of each service over five minutes, as
 * few series as say how it was.
 */
export function aggregateGroups({ systems }: Catalogue): AlertGroup[] {
  return [
    {
      name: 'firedrill-aggregates',
      system: OPERATIONS_SYSTEM,
      intervalMs: INTERVAL_MS,
      recordings: systems.flatMap(aggregates),
      alerts: [],
    },
  ];
}

function aggregates(system: System): Recording[] {
  const scraped = system.services.filter(({ scrape }) => scrape !== null);
  const own = [`${LABEL.system}=${quote(system.id)}`];
  const rate = (series: string) => `rate(${series}[${WINDOW}])`;
  const requests = each(
    system,
    scraped,
    ({ signals }) => signals.requests,
    ({ metric, errors }, matchers) => ({
      all: sumBy([], rate(selector(metric, matchers))),
      failed: sumBy([], rate(selector(metric, [...matchers, errors]))),
    }),
  );
  const p95 = each(
    system,
    scraped,
    ({ signals }) => signals.duration?.metric ?? null,
    (metric, matchers) => {
      return `histogram_quantile(0.95, ${sumBy(['le'], rate(selector(`${metric}_bucket`, matchers)))})`;
    },
  );
  const looks = (part: string) => sumBy([], rate(selector(`${PROBE_METRIC.allSuccess}_${part}`, own)));
  return [
    ...recording(
      system,
      AGGREGATE.requestRate,
      requests.map(({ all }) => all),
    ),
    ...recording(
      system,
      AGGREGATE.errorRate,
      requests.map(({ all, failed }) => `${failed} or 0 * ${all}`),
    ),
    ...recording(
      system,
      AGGREGATE.errorRatio,
      requests.length === 0
        ? []
        : [`${selector(AGGREGATE.errorRate, own)}\n/ (${selector(AGGREGATE.requestRate, own)} > 0)`],
    ),
    ...recording(system, AGGREGATE.p95Seconds, p95),
    ...recording(system, AGGREGATE.probeSuccessRatio, [`${looks('sum')}\n/ (${looks('count')} > 0)`]),
    ...recording(
      system,
      AGGREGATE.up,
      scraped.length === 0 ? [] : [`min by (${IDENTITY_LABELS.join(', ')}) (${selector('up', own)})`],
    ),
  ];
}

/** One expression for all services that count alike. */
function each<Key extends NonNullable<unknown>, Expression>(
  system: System,
  services: readonly Service[],
  keyOf: (service: Service) => Key | null,
  expression: (key: Key, matchers: string[]) => Expression,
): Expression[] {
  const groups = new Map<string, { key: Key; ids: string[] }>();
  for (const service of services) {
    const key = keyOf(service);
    if (key === null) continue;
    const group = groups.get(JSON.stringify(key)) ?? { key, ids: [] };
    group.ids.push(service.id);
    groups.set(JSON.stringify(key), group);
  }
  return [...groups.values()].map(({ key, ids }) => expression(key, servicesMatchers(system, ids)));
}

/** None for a system that has nothing to record. */
function recording(system: System, record: string, exprs: readonly string[]): Recording[] {
  const [first] = exprs;
  if (first === undefined) return [];
  const expr = exprs.length === 1 ? first : exprs.map((one) => `(${one})`).join('\nor\n');
  return [{ record, expr, labels: { [LABEL.system]: system.id } }];
}
