import type { McpProbeSpec } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { earliestCertificateExpiry } from '../../metrics/families.ts';
import type { InfoDef } from '../../metrics/info.ts';
import { type Family, gauge, type SeriesDef } from '../../metrics/series.ts';
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

/** The series of an mcp target. */
export function mcpLayout({ spec, url }: Pick<ProbeTarget<McpProbeSpec>, 'spec' | 'url'>): KindLayout {
  const tls = url.startsWith('https:');
  const openapi = spec.transport === 'openapi';
  return {
    variant: variantOf({ tls, openapi }),
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
    ],
    ...(openapi ? {} : { infos: () => [INFO] }),
  };
}
