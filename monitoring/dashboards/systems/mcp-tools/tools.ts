import type { Fault } from '../../../../thresholds/faults.ts';
import { successLimit } from '../../limits.ts';
import type { SystemMetrics } from '../../metrics.ts';
import type { PanelSpec } from '../../spec.ts';
import { distribution } from '../panels.ts';
import type { SystemDashboard } from '../system-dashboard.ts';

const SANDBOX_ERRORS: Fault = { service: 'sandbox', kind: 'errors', share: 0.3 };
const TOOL_CALLS = 'mcp_tool_calls_total';
const EXECUTIONS = 'sandbox_executions_total';
const GENERATIONS = 'diffusion_generations_total';

/** What the tools do, how often and how well. */
export const TOOL_MONITORING: SystemDashboard = {
  title: 'Tool Monitoring',
  file: 'tool-monitoring.json',
  description: 'Executions of the tools: how many, how well, how long, at what cost.',
  subject: 'up',
  panels: (metrics) => [
    {
      title: 'Tool Execution Rates',
      visualisation: 'line',
      description: 'Executions a second, by tool.',
      unit: 'ops',
      queries: [
        {
          expr: metrics.rate(TOOL_CALLS, { by: ['service', 'tool'] }),
          legend: '{{service}} {{tool}}',
          shows: { service: 'time-client', kind: 'traffic' },
        },
        { expr: metrics.rate(EXECUTIONS), legend: 'sandbox' },
        {
          expr: metrics.rate(GENERATIONS),
          legend: 'image generation',
          shows: { service: 'diffusion-api', kind: 'traffic' },
        },
      ],
      shows: { service: 'sandbox', kind: 'traffic' },
    },
    {
      title: 'Success Rate by Tool',
      visualisation: 'line',
      description: 'Share of executions that succeeded, by tool.',
      unit: 'percentunit',
      max: 1,
      limits: successLimit(metrics.services(TOOL_CALLS)),
      queries: [
        {
          expr: metrics.share(TOOL_CALLS, 'outcome="success"', { by: ['service', 'tool'] }),
          legend: '{{service}} {{tool}}',
          shows: { service: 'time-client', kind: 'errors', share: 0.3 },
        },
        { expr: metrics.share(EXECUTIONS, 'result="success"'), legend: 'sandbox' },
      ],
      shows: SANDBOX_ERRORS,
    },
    distribution(metrics, 'sandbox_execution_duration_seconds', {
      title: 'Execution Time Histograms',
      description: 'Executions in the sandbox by their time.',
      width: 8,
      shows: { service: 'sandbox', kind: 'slow', delayMs: 700 },
    }),
    distribution(metrics, 'diffusion_generation_duration_seconds', {
      title: 'Execution Time Histogram: images',
      description: 'Generated images by their time on the GPU.',
      width: 8,
      shows: { service: 'diffusion-api', kind: 'traffic' },
    }),
    distribution(metrics, 'time_request_duration_seconds', {
      title: 'Execution Time Histogram: time',
      description: 'Requests for the time by how long they took.',
      width: 8,
      shows: { service: 'time-client', kind: 'slow', delayMs: 300 },
    }),
    {
      title: 'Resource Usage per Tool',
      visualisation: 'line',
      description: 'Memory that the tools hold, and the processor time that they use.',
      unit: 'bytes',
      width: 24,
      queries: [
        { expr: metrics.select('process_resident_memory_bytes'), legend: '{{service}} memory' },
        { expr: metrics.select('sandbox_memory_usage_bytes'), legend: 'all sandboxes' },
        {
          expr: metrics.select('diffusion_gpu_memory_usage_bytes'),
          legend: 'GPU',
          shows: { service: 'diffusion-api', kind: 'memory' },
        },
        {
          expr: metrics.select('cpu_usage_percent'),
          legend: '{{service}} CPU',
          unit: 'percent',
          shows: { service: 'sandbox', kind: 'cpu' },
        },
      ],
      shows: { service: 'sandbox', kind: 'memory' },
    },
    ranking(metrics, 'Tool Usage Rankings', 'Calls in the chosen time, by tool.', TOOL_CALLS, 'tool', 'time-client'),
    ranking(metrics, 'Time Zones', 'Calls by time zone.', 'timezone_usage_total', 'timezone', 'time-client'),
    ranking(metrics, 'Time Formats', 'Calls by format.', 'time_format_usage_total', 'format', 'time-client'),
    ranking(metrics, 'Image Styles', 'Images by style.', 'diffusion_style_usage_total', 'style', 'diffusion-api'),
  ],
};

function ranking(
  metrics: SystemMetrics,
  title: string,
  description: string,
  counter: string,
  label: string,
  service: string,
): PanelSpec {
  return {
    title,
    visualisation: 'rank',
    description,
    unit: 'short',
    decimals: 0,
    width: 6,
    queries: [
      { expr: `sort_desc(${metrics.increase(counter, { by: [label], window: '$__range' })})`, legend: `{{${label}}}` },
    ],
    shows: { service, kind: 'traffic' },
  };
}
