import { expect, test } from 'vitest';
import { movedMetrics } from '../../../monitoring/drill/moved-metrics.ts';
import type { Fault } from '../../../thresholds/faults.ts';
import { CATALOGUE } from '../dashboards/built-in.ts';

function moved(target: string, fault: Omit<Fault, 'service'>): string[] | null {
  const service = CATALOGUE.systems.flatMap(({ services }) => services).find((each) => each.target === target);
  if (service === undefined) throw new Error(`no service ${target}`);
  const metrics = movedMetrics(service, { service: service.id, ...fault });
  return metrics === null ? null : [...metrics];
}

test.each<[string, string, Omit<Fault, 'service'>, string[] | null]>([
  ['what declares it', 'mcp-service/mcp-service', { kind: 'cpu' }, ['cpu_usage_percent']],
  [
    'hits and misses, and the memory of the cache',
    'personalization/backend',
    { kind: 'cold-cache' },
    ['cache_hits_total', 'cache_misses_total', 'cache_memory_bytes'],
  ],
  [
    'durations of requests',
    'mcp-tools/style-browser',
    { kind: 'slow' },
    ['http_request_duration_seconds', 'network_connections'],
  ],
  [
    'what is hidden',
    'mcp-service/mcp-service',
    { kind: 'vanished-metrics', metrics: ['model_accuracy'] },
    ['model_accuracy'],
  ],
  ['anything, if all are hidden', 'mcp-service/mcp-service', { kind: 'vanished-metrics' }, null],
  ['anything, if an exporter is too slow to be scraped', 'flashcards/node-exporter', { kind: 'slow' }, null],
  ['anything, if a database answers late', 'personalization/database', { kind: 'slow-queries' }, null],
  ['anything, if requests fail', 'face-attributes/ml-api', { kind: 'unloaded-model' }, null],
])('a fault moves %s', (_, target, fault, metrics) => {
  expect(moved(target, fault)).toEqual(metrics);
});
