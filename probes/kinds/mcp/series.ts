import type { McpProbeSpec } from '../../../thresholds/model.ts';
import { MCP_METRIC, PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { earliestCertificateExpiry } from '../../metrics/families.ts';
import type { InfoDef } from '../../metrics/info.ts';
import { counter, type Family, gauge, type RunSample, type SeriesDef } from '../../metrics/series.ts';
import { bucketLabel } from '../../metrics/text-format.ts';
import { variantOf } from '../../metrics/variant.ts';
import type { ProbeTarget } from '../../target.ts';
import type { McpPhase } from './dialogue.ts';

/**
 * Phases as they are exported, and the steps of a run in each; `other` is what no step explains. Name resolution stands in
 * `probe_dns_lookup_time_seconds` alone: a target keeps within its series.
 */
const EXPORTED: Readonly<Record<string, readonly (McpPhase | 'other')[]>> = {
  connect: ['connect'],
  tls: ['tls'],
  /** What opens the conversation and ends it. */
  session: ['discover', 'initialize', 'close'],
  list: ['list'],
  call: ['call'],
  other: ['other'],
};

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

const PHASES = family(PROBE_METRIC.mcpDurationSeconds, 'Seconds by phase; session: discover, initialize and close.');
const TOOLS = family(PROBE_METRIC.mcpTools, 'Tools listed.');
const MISSING = family(PROBE_METRIC.mcpToolsMissing, 'Required tools that are not listed.');
const CHANGED = family(PROBE_METRIC.mcpSchemaChanged, 'Whether the schema of a tool is another than the pinned one.');
const LEVEL = family(
  PROBE_METRIC.mcpLevel,
  'Level reached behind a proxy: 1 the proxy is up, 2 servers and tools listed, 3 the canary answered.',
);

/** Era, version and session in one series; the values are bounded: two eras, the accepted versions, three states. */
const INFO: InfoDef = {
  family: family(PROBE_METRIC.mcpInfo, 'What is spoken with the server, and whether its session was ended.'),
  labels: ['mcp_era', 'mcp_protocol_version', 'mcp_session'],
  read({ result: { facts } }) {
    const { era, version, session } = facts.mcp ?? {};
    return era === undefined ? undefined : [era, version ?? '', session ?? ''];
  },
};

/** Buckets of OpenTelemetry for these operations, in seconds. */
const OPERATION_BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] as const;
const OPERATIONS: Family = {
  name: MCP_METRIC.operationDurationSeconds,
  type: 'histogram',
  help: 'Seconds of the operations in the judged runs that count.',
};
/** Operations by the step of a run that they are. A step that took no time did not take place. */
const METHOD_BY_PHASE = {
  discover: 'server/discover',
  initialize: 'initialize',
  list: 'tools/list',
  call: 'tools/call',
} as const;

function operationHistogram(): SeriesDef[] {
  return Object.entries(METHOD_BY_PHASE).flatMap(([phase, method]) => {
    const seconds = ({ counts, result }: RunSample) => (counts ? (result.phases[phase] ?? 0) : 0);
    const label = { [MCP_METRIC.method]: method };
    const below = (bound: number) => (run: RunSample) => (seconds(run) > 0 && seconds(run) <= bound ? 1 : 0);
    return [
      ...[...OPERATION_BUCKETS, Number.POSITIVE_INFINITY].map((bound) =>
        counter(OPERATIONS, below(bound), {
          suffix: '_bucket',
          labels: { le: bucketLabel(bound), ...label },
        }),
      ),
      counter(OPERATIONS, seconds, { suffix: '_sum', labels: label }),
      counter(OPERATIONS, below(Number.POSITIVE_INFINITY), { suffix: '_count', labels: label }),
    ];
  });
}

/** The series of an mcp target. The usual ones fit into forty; what `export` names comes on top. */
export function mcpLayout({ spec, url }: Pick<ProbeTarget<McpProbeSpec>, 'spec' | 'url'>): KindLayout {
  const tls = url.startsWith('https:');
  const openapi = spec.transport === 'openapi';
  const operations = spec.exports.includes('operations');
  return {
    variant: variantOf({ tls, openapi, operations }),
    failures: ['refused', 'timeout', 'dns', ...(tls ? ['tls'] : []), 'auth', 'status', 'content', 'protocol'],
    series: () => [
      ...Object.entries(EXPORTED).map(
        ([phase, steps]): SeriesDef =>
          gauge(PHASES, ({ result }) => steps.reduce((sum, step) => sum + (result.phases[step] ?? 0), 0), { phase }),
      ),
      gauge(TOOLS, ({ result }) => result.facts.mcp?.tools ?? 0),
      gauge(MISSING, ({ result }) => result.facts.mcp?.missing ?? 0),
      gauge(CHANGED, ({ result }) => (result.facts.mcp?.changed ? 1 : 0)),
      ...(openapi ? [gauge(LEVEL, ({ result }) => result.facts.mcp?.level ?? 0)] : []),
      ...(tls ? [earliestCertificateExpiry] : []),
      ...(operations ? operationHistogram() : []),
    ],
    ...(openapi ? {} : { infos: () => [INFO] }),
  };
}
