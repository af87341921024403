import { alertLimits } from '../../limits.ts';
import type { SystemMetrics } from '../../metrics.ts';
import type { SystemDashboard } from '../system-dashboard.ts';

const CADVISOR = 'cadvisor';
const NODE = 'node-exporter';
const REDIS = 'redis-exporter';

/** What the application runs on. */
export const SYSTEM_RESOURCES: SystemDashboard = {
  title: 'System Resources',
  file: 'system-resources.json',
  description: 'Containers, machine and Redis of the flashcards application.',
  subject: 'up',
  panels: (metrics) => [
    {
      title: 'Container resource usage',
      visualisation: 'line',
      description: 'Memory of each container as a share of its limit, and the processors that it uses.',
      unit: 'percentunit',
      width: 24,
      min: 0,
      limits: alertLimits(metrics.system, { warning: 'ElevatedMemoryUsage', critical: 'HighMemoryUsage' }),
      alert: 'ElevatedMemoryUsage',
      queries: [
        {
          expr: `${metrics.select('container_memory_working_set_bytes')} / ${metrics.select('container_spec_memory_limit_bytes')}`,
          legend: '{{name}} memory',
        },
        {
          expr: metrics.rate('container_cpu_usage_seconds_total', { by: ['name'] }),
          legend: '{{name}} CPU',
          unit: 'short',
          shows: { service: CADVISOR, kind: 'cpu' },
        },
      ],
      shows: { service: CADVISOR, kind: 'memory' },
    },
    {
      title: 'System performance metrics',
      visualisation: 'line',
      description: 'Memory and disk in use, and the load of the machine.',
      unit: 'percentunit',
      min: 0,
      limits: alertLimits(metrics.system, { warning: 'ElevatedMemoryUsage', critical: 'HighMemoryUsage' }),
      alert: 'HighMemoryUsage',
      queries: [
        {
          expr: used(metrics, 'node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes'),
          legend: 'memory',
        },
        {
          expr: used(metrics, 'node_filesystem_avail_bytes', 'node_filesystem_size_bytes'),
          legend: 'disk {{mountpoint}}',
          shows: { service: NODE, kind: 'disk' },
        },
        {
          expr: metrics.select('node_load1'),
          legend: 'load',
          unit: 'short',
          shows: { service: NODE, kind: 'cpu' },
        },
      ],
      shows: { service: NODE, kind: 'memory' },
    },
    {
      title: 'Redis performance',
      visualisation: 'line',
      description: 'Share of look-ups that found their key, memory in use, and commands a second.',
      unit: 'percentunit',
      min: 0,
      queries: [
        {
          expr:
            `${metrics.rate('redis_keyspace_hits_total')} / ` +
            `(${metrics.rate('redis_keyspace_hits_total')} + ${metrics.rate('redis_keyspace_misses_total')} > 0)`,
          legend: 'hits',
        },
        {
          expr: `${metrics.select('redis_memory_used_bytes')} / ${metrics.select('redis_memory_max_bytes')}`,
          legend: 'memory',
          shows: { service: REDIS, kind: 'memory' },
        },
        {
          expr: metrics.rate('redis_commands_processed_total'),
          legend: 'commands',
          unit: 'ops',
          still: 'no fault changes what the application asks of Redis',
        },
      ],
      shows: { service: REDIS, kind: 'cold-cache' },
    },
  ],
};

function used(metrics: SystemMetrics, free: string, size: string): string {
  return `1 - ${metrics.select(free)} / ${metrics.select(size)}`;
}
