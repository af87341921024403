import type { ProbeKindName, ProbeSpec, ProbeSpecOf } from '../thresholds/model.ts';
import type { ProbeKind } from './kind.ts';
import { dnsKind } from './kinds/dns/kind.ts';
import { grpcKind } from './kinds/grpc/kind.ts';
import { heartbeatKind } from './kinds/heartbeat/kind.ts';
import { httpKind } from './kinds/http/kind.ts';
import { llmKind } from './kinds/llm/kind.ts';
import { mcpKind } from './kinds/mcp/kind.ts';
import { postgresKind } from './kinds/postgres/kind.ts';
import { prometheusKind } from './kinds/prometheus/kind.ts';
import { redisKind } from './kinds/redis/kind.ts';
import { tcpKind } from './kinds/tcp/kind.ts';
import { tlsKind } from './kinds/tls/kind.ts';
import { websocketKind } from './kinds/websocket/kind.ts';

/** Every probe kind by its name in the catalogue. A new kind is a folder and one line here. */
const PROBE_KINDS: { readonly [Kind in ProbeKindName]: ProbeKind<ProbeSpecOf<Kind>> } = {
  http: httpKind,
  tcp: tcpKind,
  tls: tlsKind,
  websocket: websocketKind,
  mcp: mcpKind,
  llm: llmKind,
  redis: redisKind,
  postgres: postgresKind,
  dns: dnsKind,
  grpc: grpcKind,
  prometheus: prometheusKind,
  heartbeat: heartbeatKind,
};

/** The kind that a spec belongs to. */
export function kindOf({ kind }: Pick<ProbeSpec, 'kind'>): ProbeKind<ProbeSpec> {
  return PROBE_KINDS[kind] as ProbeKind<ProbeSpec>;
}
