import type { ProbeKindName } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { Disturbance, PanelSpec } from '../spec.ts';
import { series } from './series.ts';

type KindPanels = (disturbance: Disturbance) => PanelSpec[];

/** What a kind of probe sees beside success and duration. Those of a kind that the catalogue does not use are left out. */
export const KIND_PANELS: Readonly<Record<ProbeKindName, KindPanels>> = {
  http: (shows) => [
    phases('HTTP phases', PROBE_METRIC.httpDurationSeconds, shows),
    figures('HTTP status', 'Status of the last answer; 0 without one.', PROBE_METRIC.httpStatusCode, {
      ...shows,
      kind: 'errors',
    }),
  ],
  tls: (shows) => [phases('TLS phases', PROBE_METRIC.tlsDurationSeconds, shows)],
  websocket: (shows) => [
    phases('WebSocket phases', PROBE_METRIC.websocketDurationSeconds, shows),
    figures(
      'WebSocket upgraded',
      'Whether the server spoke WebSocket.',
      PROBE_METRIC.websocketConnectionUpgraded,
      shows,
    ),
  ],
  tcp: () => [],
  mcp: (shows) => [
    phases('MCP phases', PROBE_METRIC.mcpDurationSeconds, shows),
    {
      title: 'MCP tools missing',
      visualisation: 'line',
      description: 'Required tools that the server does not list.',
      unit: 'none',
      limits: { breach: 'above', critical: 1 },
      queries: [
        {
          expr: `max by (target) (${series(PROBE_METRIC.mcpToolsMissing)})`,
          legend: '{{target}}',
          still: 'no fault takes a tool away from a server',
        },
      ],
      shows,
    },
  ],
  // Their figures fill a dashboard of their own.
  llm: () => [],
  redis: (shows) => [phases('Redis phases', PROBE_METRIC.redisDurationSeconds, { ...shows, kind: 'slow-queries' })],
  postgres: (shows) => [
    phases('PostgreSQL phases', PROBE_METRIC.postgresDurationSeconds, { ...shows, kind: 'slow-queries' }),
  ],
  dns: (shows) => [
    phases('DNS phases', PROBE_METRIC.dnsDurationSeconds, shows),
    figures('DNS answers', 'Records in the answer section.', PROBE_METRIC.dnsAnswerRrs, shows),
  ],
  grpc: (shows) => [
    phases('gRPC phases', PROBE_METRIC.grpcDurationSeconds, shows),
    figures('gRPC status', 'Status of the last call, 0 for OK; -1 without one.', PROBE_METRIC.grpcStatusCode, shows),
  ],
  prometheus: (shows) => [
    phases('Prometheus phases', PROBE_METRIC.prometheusDurationSeconds, shows),
    figures('Prometheus value', 'The value nearest to breaking its condition.', PROBE_METRIC.prometheusValue, shows),
  ],
  heartbeat: (shows) => [
    {
      title: 'Silence of heartbeats',
      visualisation: 'rank',
      description: 'Time since the last beat, as a share of the silence that is allowed.',
      unit: 'percentunit',
      min: 0,
      limits: { breach: 'above', warning: 0.8, critical: 1 },
      queries: [
        {
          expr:
            `(time() - ${series(PROBE_METRIC.heartbeatLastTimestampSeconds)}) / ` +
            series(PROBE_METRIC.heartbeatLimitSeconds),
          legend: '{{target}}',
        },
      ],
      shows,
    },
  ],
};

function phases(title: string, metric: string, shows: Disturbance): PanelSpec {
  return {
    title,
    visualisation: 'area',
    description: 'Where the time of the runs goes: means over the chosen targets.',
    unit: 's',
    queries: [{ expr: `avg by (phase) (${series(metric)})`, legend: '{{phase}}' }],
    shows,
  };
}

function figures(title: string, description: string, metric: string, shows: Disturbance): PanelSpec {
  return {
    title,
    visualisation: 'line',
    description,
    unit: 'none',
    queries: [{ expr: `max by (target) (${series(metric)})`, legend: '{{target}}' }],
    shows,
  };
}
