import type { CatalogueDocument } from '../../document/document.ts';
import { parseDurationMs } from '../../units.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';
import { reference } from './reference.ts';

type Alert = NonNullable<CatalogueDocument['alerts']>[number];
type ServiceDocument = NonNullable<CatalogueDocument['services']>[number];
type MetricDocument = NonNullable<ServiceDocument['metrics']>[number];
type MetricType = MetricDocument['type'];

/** A metric that a condition names, where, and what it must be; null for any type. */
interface Use {
  path: Path;
  name: string;
  type: MetricType | null;
}

/** Metrics of a condition are declared by a service that the alert watches, are of its type, and in the unit of its limit. */
export function checkConditionMetrics(context: MeaningContext, path: Path, alert: Alert): void {
  const services = (context.file.document.services ?? []).filter(
    (service) => alert.service === undefined || service.id === alert.service,
  );
  const metrics = services.flatMap((service) => service.metrics ?? []);
  const declared = metrics.map(({ name }) => name);
  for (const { path: at, name, type } of uses(alert.condition, path)) {
    reference(context, at, name, declared, 'metric that the service declares');
    const wrong = metrics.find((metric) => metric.name === name && type !== null && metric.type !== type);
    if (wrong !== undefined) context.report(at, `${name} is a ${wrong.type}, not a ${type}`, `name a ${type}`);
  }
  checkSignal(context, path, alert, services);
  checkUnit(context, path, alert, metrics);
  checkBucket(context, path, alert, metrics);
  checkReach(context, path, alert, services);
}

function uses(condition: Alert['condition'], path: Path): Use[] {
  const named = (key: string, name: string | undefined, type: MetricType | null): Use[] =>
    name === undefined ? [] : [{ path: [...path, key], name, type }];
  switch (condition.kind) {
    case 'errors-seen':
      return named('metric', condition.metric, 'counter');
    case 'latency-quantile':
    case 'latency-mean':
    case 'latency-exceeded':
      return named('metric', condition.metric, 'histogram');
    case 'threshold':
      return named('metric', condition.metric, 'gauge');
    case 'forecast':
      return [...named('metric', condition.metric, 'gauge'), ...named('size', condition.size, 'gauge')];
    case 'metric-missing':
      return named('metric', condition.metric, null);
    case 'share':
      return [
        { path: [...path, 'part', 'metric'], name: condition.part.metric, type: 'counter' },
        ...condition.of.map(({ metric }, at): Use => {
          return { path: [...path, 'of', at, 'metric'], name: metric, type: 'counter' };
        }),
      ];
    case 'utilisation':
      return condition.of.flatMap(({ used, free, size }, at) =>
        Object.entries({ used, free, size }).flatMap(([key, name]): Use[] =>
          typeof name === 'string' ? [{ path: [...path, 'of', at, key], name, type: 'gauge' }] : [],
        ),
      );
    default:
      return [];
  }
}

function checkSignal(
  context: MeaningContext,
  path: Path,
  { condition }: Alert,
  services: readonly ServiceDocument[],
): void {
  const byService =
    (condition.kind === 'latency-quantile' || condition.kind === 'latency-mean') && condition.metric === undefined;
  const signal = byService ? 'duration' : condition.kind === 'error-share' ? 'requests' : undefined;
  if (signal === undefined || services.some((service) => service.signals?.[signal] !== undefined)) return;
  context.report(
    path,
    `${condition.kind} needs a service with signals.${signal}`,
    `declare signals: { ${signal}: { metric: ... } } for the service`,
    { part: 'key' },
  );
}

/** 95 in percent is 0.95 as a ratio: the same name has both units in two systems. */
function checkUnit(
  { report }: MeaningContext,
  path: Path,
  { condition }: Alert,
  metrics: readonly MetricDocument[],
): void {
  if (condition.kind !== 'threshold') return;
  const metric = metrics.find(({ name }) => name === condition.metric);
  const unit = metric?.unit ?? 'none';
  if (metric === undefined || unit === condition.unit) return;
  report([...path, 'unit'], `${metric.name} is in ${unit}, not ${condition.unit}`, `write the limit in ${unit}`);
}

function checkBucket(
  { report }: MeaningContext,
  path: Path,
  { condition }: Alert,
  metrics: readonly MetricDocument[],
): void {
  if (condition.kind !== 'latency-exceeded') return;
  const buckets = metrics.find(({ name }) => name === condition.metric)?.buckets;
  const bound = parseDurationMs(condition.above) / 1_000;
  if (buckets === undefined || buckets.includes(bound)) return;
  report(
    [...path, 'above'],
    `no bucket of ${condition.metric} ends at ${bound} s, so nobody counts what is above`,
    `use one of ${buckets.join(', ')} s`,
  );
}

/** A percentile is never above the end of the last bucket, so a limit there is never broken. */
function checkReach(
  { report }: MeaningContext,
  path: Path,
  { condition }: Alert,
  services: readonly ServiceDocument[],
): void {
  if (condition.kind !== 'latency-quantile') return;
  const limit = parseDurationMs(condition.above) / 1_000;
  for (const { id, signals, metrics } of services) {
    const metric = metrics?.find(({ name }) => name === (condition.metric ?? signals?.duration?.metric));
    const last = Math.max(...(metric?.buckets ?? [Number.POSITIVE_INFINITY]));
    if (metric === undefined || last > limit) continue;
    const rule = `${metric.name} of ${id} ends at ${last} s: no percentile of it is ever above ${limit} s`;
    report([...path, 'above'], rule, `add a bucket above ${limit} to ${metric.name}, or lower the limit`);
  }
}
