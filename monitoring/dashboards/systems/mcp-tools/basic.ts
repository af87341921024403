import { alertLimits } from '../../limits.ts';
import { healthGrid, levels } from '../panels.ts';
import type { SystemDashboard } from '../system-dashboard.ts';

/** Processor, memory, disk and network of the MCP tools. */
export const BASIC_SYSTEM_METRICS: SystemDashboard = {
  title: 'Basic System Metrics',
  file: 'basic-system-metrics.json',
  description: 'Processor, memory, disk and network of the MCP tools.',
  subject: 'up',
  panels: (metrics) => [
    levels(metrics, 'cpu_usage_percent', {
      title: 'CPU Usage by Service',
      description: 'Processor time in use.',
      unit: 'percent',
      min: 0,
      max: 100,
      limits: alertLimits(metrics.system, { warning: 'HighCPUUsage' }),
      alert: 'HighCPUUsage',
      shows: { service: 'sandbox', kind: 'cpu' },
    }),
    levels(metrics, 'process_resident_memory_bytes', {
      title: 'Memory Usage Timeline',
      visualisation: 'area',
      description: 'Memory that the processes hold.',
      unit: 'bytes',
      shows: { service: 'sandbox', kind: 'memory' },
    }),
    {
      title: 'Disk Space Monitoring',
      visualisation: 'line',
      description: 'Free disk space, and what is read and written.',
      unit: 'percent',
      limits: alertLimits(metrics.system, { critical: 'LowDiskSpace' }),
      alert: 'LowDiskSpace',
      queries: [
        { expr: metrics.select('disk_free_percent'), legend: '{{service}} free' },
        {
          expr: metrics.rate('disk_io_bytes_total', { by: ['service', 'direction'] }),
          legend: '{{service}} {{direction}}',
          unit: 'Bps',
        },
      ],
      shows: { service: 'sandbox', kind: 'disk' },
    },
    {
      title: 'Network Traffic Graphs',
      visualisation: 'line',
      description: 'Bytes received and sent, and open connections.',
      unit: 'Bps',
      queries: [
        {
          expr: metrics.rate('network_bytes_total', { by: ['service', 'direction'] }),
          legend: '{{service}} {{direction}}',
        },
        {
          expr: metrics.select('network_connections'),
          legend: '{{service}} connections',
          unit: 'short',
          shows: { service: 'sandbox', kind: 'slow', delayMs: 700 },
        },
      ],
      shows: { service: 'sandbox', kind: 'traffic' },
    },
    healthGrid(metrics, {
      title: 'Container Status Grid',
      description: 'Whether each container answers.',
      width: 12,
      shows: { service: 'sandbox', kind: 'down' },
    }),
    {
      title: 'Container Restarts',
      visualisation: 'counter',
      description: 'Restarts in the chosen time.',
      unit: 'none',
      width: 12,
      height: 6,
      limits: { breach: 'above', warning: 1 },
      queries: [
        {
          expr: `sum by (service) (changes(${metrics.select('process_start_time_seconds')}[$__range]))`,
          legend: '{{service}}',
          still: 'no fault restarts a process of the fleet',
        },
      ],
      shows: { service: 'sandbox', kind: 'down' },
    },
  ],
};
