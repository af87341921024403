import { z } from 'zod';
import { dnsProbe } from './probe/dns.ts';
import { grpcProbe } from './probe/grpc.ts';
import { heartbeatProbe } from './probe/heartbeat.ts';
import { httpProbe } from './probe/http.ts';
import { llmProbe } from './probe/llm.ts';
import { mcpProbe } from './probe/mcp.ts';
import { postgresProbe } from './probe/postgres.ts';
import { prometheusProbe } from './probe/prometheus.ts';
import { redisProbe } from './probe/redis.ts';
import { tcpProbe } from './probe/tcp.ts';
import { tlsProbe } from './probe/tls.ts';
import { websocketProbe } from './probe/websocket.ts';

/** How a target is probed, by kind. */
export const probe = z.discriminatedUnion('kind', [
  httpProbe,
  tlsProbe,
  websocketProbe,
  tcpProbe,
  mcpProbe,
  llmProbe,
  redisProbe,
  postgresProbe,
  dnsProbe,
  grpcProbe,
  prometheusProbe,
  heartbeatProbe,
]);

export type ProbeDocument = z.infer<typeof probe>;

/** The document of one kind. */
export type ProbeDocumentOf<Kind extends ProbeDocument['kind']> = Extract<ProbeDocument, { kind: Kind }>;
