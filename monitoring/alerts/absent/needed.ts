import type { Metric, Service, System } from '../../../thresholds/model.ts';
import { walk } from '../../promql/ast.ts';
import { parsePromql } from '../../promql/parse.ts';
import type { AlertGroup } from '../derived-alert.ts';

/** A metric that alerts or recorded series of a system read, and the services that export it. */
export interface Needed {
  metric: Metric;
  services: Service[];
}

/** Suffixes that a histogram is read by. */
const PARTS = ['_bucket', '_count', '_sum'];

/** The metrics of the catalogue that some groups of rules need of a system, in the order of the catalogue. */
export function neededMetrics(system: System, groups: readonly AlertGroup[]): Needed[] {
  const read = new Set(
    groups.flatMap((group) => [...group.alerts, ...group.recordings].flatMap(({ expr }) => metricsRead(expr))),
  );
  const needed = new Map<string, Needed>();
  for (const service of system.services) {
    if (service.scrape === null) continue;
    for (const metric of service.metrics) {
      const names = metric.type === 'histogram' ? PARTS.map((part) => metric.name + part) : [metric.name];
      if (!names.some((name) => read.has(name)) || isWatched(system, service, metric)) continue;
      const entry = needed.get(metric.name) ?? { metric, services: [] };
      if (!entry.services.includes(service)) entry.services.push(service);
      needed.set(metric.name, entry);
    }
  }
  return [...needed.values()];
}

/** The catalogue names an alert of its own for its absence. */
function isWatched({ alerts }: System, { id }: Service, { name }: Metric): boolean {
  return alerts.some(({ condition, service }) => {
    return condition.kind === 'metric-missing' && condition.metric === name && (service ?? id) === id;
  });
}

/** Names of the metrics that an expression reads. */
export function metricsRead(expr: string): string[] {
  const parsed = parsePromql(expr);
  if (!parsed.ok) return [];
  return [...walk(parsed.expr)].flatMap((node) => (node.kind === 'selector' ? (node.name ?? []) : []));
}
