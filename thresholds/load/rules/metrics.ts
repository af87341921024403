import type { MeaningContext } from '../meaning.ts';
import { endpointId } from '../resolve-endpoint.ts';
import { suggest } from '../suggest.ts';

/** Labels that Prometheus or firedrill sets: a service that exports them would be renamed to `exported_...` when scraped. */
const RESERVED_LABELS = ['system', 'service', 'environment', 'job', 'instance', 'target', 'le', 'quantile'];

/** Metrics: each series once, no reserved labels, a simulation that fits the type, signals that exist. */
export function checkMetrics(context: MeaningContext): void {
  for (const [index, service] of (context.file.document.services ?? []).entries()) {
    const metrics = service.metrics ?? [];
    const endpoints = 'endpoints' in service ? service.endpoints.map(endpointId) : [];
    const seen = new Set<string>();
    for (const [at, metric] of metrics.entries()) {
      const path = ['services', index, 'metrics', at];
      const twin = metrics.slice(0, at).find((other) => other.name === metric.name);
      if (twin !== undefined && (twin.type !== metric.type || sameLabels(twin.labels, metric.labels)))
        context.report(
          [...path, 'name'],
          `the metric ${metric.name} is declared twice`,
          'merge the two, or tell them apart by a fixed label',
        );
      seen.add(metric.name);
      for (const label of Object.keys(metric.labels ?? {})) {
        if (RESERVED_LABELS.includes(label)) {
          context.report(
            [...path, 'labels', label],
            `the label ${label} is set by Prometheus or firedrill`,
            'use another name',
            { part: 'key' },
          );
        }
      }
      if (metric.buckets !== undefined && metric.type !== 'histogram') {
        context.report([...path, 'buckets'], `a ${metric.type} has no buckets`, 'remove them, or make it a histogram', {
          part: 'key',
        });
      }
      if (metric.sim !== undefined && 'value' in metric.sim && metric.type !== 'gauge') {
        context.report([...path, 'sim'], `a ${metric.type} cannot stand at a value`, 'use on: or perSecond:', {
          part: 'key',
        });
      }
      if (metric.sim !== undefined && 'perSecond' in metric.sim && metric.type === 'gauge') {
        context.report([...path, 'sim'], 'a gauge does not tick', 'use value:', { part: 'key' });
      }
      const on = metric.sim !== undefined && 'on' in metric.sim && Array.isArray(metric.sim.on) ? metric.sim.on : [];
      for (const [position, name] of on.entries()) {
        if (endpoints.includes(name) || context.file.pruned) continue;
        const near = suggest(name, endpoints);
        context.report(
          [...path, 'sim', 'on', position],
          `${name} is not an endpoint of this service`,
          near ? `did you mean ${near}?` : `use one of ${endpoints.join(', ')}`,
        );
      }
    }
    const wanted = [
      ['requests', service.signals?.requests?.metric, 'counter'],
      ['duration', service.signals?.duration?.metric, 'histogram'],
    ] as const;
    for (const [signal, name, type] of wanted) {
      if (name === undefined || context.file.pruned) continue;
      const found = metrics.find((metric) => metric.name === name);
      const path = ['services', index, 'signals', signal, 'metric'];
      if (found === undefined) {
        const near = suggest(name, seen);
        context.report(
          path,
          `the metric ${name} is not declared`,
          near ? `did you mean ${near}?` : 'declare it under metrics',
        );
      } else if (found.type !== type) {
        context.report(path, `${name} is a ${found.type}, not a ${type}`, `name a ${type}`);
      }
    }
  }
}

/** One metric may be declared in parts that differ by labels, such as CPU seconds by mode. */
function sameLabels(a: object | undefined, b: object | undefined): boolean {
  return JSON.stringify(a ?? {}) === JSON.stringify(b ?? {});
}
