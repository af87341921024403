import type { ProbeKindName } from '../model.ts';
import { dnsLoader } from './probe/dns.ts';
import { grpcLoader } from './probe/grpc.ts';
import { heartbeatLoader } from './probe/heartbeat.ts';
import { httpLoader } from './probe/http.ts';
import { llmLoader } from './probe/llm.ts';
import type { ProbeLoader } from './probe/loader.ts';
import { mcpLoader } from './probe/mcp.ts';
import { postgresLoader } from './probe/postgres.ts';
import { prometheusLoader } from './probe/prometheus.ts';
import { redisLoader } from './probe/redis.ts';
import { tcpLoader } from './probe/tcp.ts';
import { tlsLoader } from './probe/tls.ts';
import { websocketLoader } from './probe/websocket.ts';

/** Every probe kind as the loader reads it. */
export const PROBE_LOADERS: { readonly [Kind in ProbeKindName]: ProbeLoader<Kind> } = {
  http: httpLoader,
  tcp: tcpLoader,
  mcp: mcpLoader,
  llm: llmLoader,
  tls: tlsLoader,
  websocket: websocketLoader,
  redis: redisLoader,
  postgres: postgresLoader,
  dns: dnsLoader,
  grpc: grpcLoader,
  prometheus: prometheusLoader,
  heartbeat: heartbeatLoader,
};
