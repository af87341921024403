import type { DnsProbeSpec } from './probe/dns.ts';
import type { GrpcProbeSpec } from './probe/grpc.ts';
import type { HeartbeatProbeSpec } from './probe/heartbeat.ts';
import type { HttpProbeSpec } from './probe/http.ts';
import type { LlmProbeSpec } from './probe/llm.ts';
import type { McpProbeSpec } from './probe/mcp.ts';
import type { PostgresProbeSpec } from './probe/postgres.ts';
import type { PrometheusProbeSpec } from './probe/prometheus.ts';
import type { RedisProbeSpec } from './probe/redis.ts';
import type { TcpProbeSpec } from './probe/tcp.ts';
import type { TlsProbeSpec } from './probe/tls.ts';
import type { WebsocketProbeSpec } from './probe/websocket.ts';

export type * from './probe/base.ts';
export type * from './probe/dns.ts';
export type * from './probe/grpc.ts';
export type * from './probe/heartbeat.ts';
export type * from './probe/http.ts';
export type * from './probe/llm.ts';
export type * from './probe/mcp.ts';
export type * from './probe/postgres.ts';
export type * from './probe/prometheus.ts';
export type * from './probe/redis.ts';
export type * from './probe/tcp.ts';
export type * from './probe/tls.ts';
export type * from './probe/websocket.ts';

/** How a target is probed. One file a kind in `probe/`. */
export type ProbeSpec =
  | HttpProbeSpec
  | TlsProbeSpec
  | WebsocketProbeSpec
  | TcpProbeSpec
  | McpProbeSpec
  | LlmProbeSpec
  | RedisProbeSpec
  | PostgresProbeSpec
  | DnsProbeSpec
  | GrpcProbeSpec
  | PrometheusProbeSpec
  | HeartbeatProbeSpec;

export type ProbeKindName = ProbeSpec['kind'];

/** The spec of one kind. */
export type ProbeSpecOf<Kind extends ProbeKindName> = Extract<ProbeSpec, { kind: Kind }>;
