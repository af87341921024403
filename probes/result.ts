import type { CertificateText } from './certificate.ts';
import type { DnsFacts } from './kinds/dns/series.ts';
import type { GrpcFacts } from './kinds/grpc/facts.ts';
import type { HeartbeatFacts } from './kinds/heartbeat/series.ts';
import type { LlmFacts } from './kinds/llm/facts.ts';
import type { PrometheusFacts } from './kinds/prometheus/facts.ts';

/**
 * What one run of a probe found. `unknown`: the prober could not judge (its own event loop, sockets or configuration), which says
 * nothing of the target and is never counted as success or failure.
 */
export interface ProbeResult {
  outcome: 'success' | 'failure' | 'unknown';
  reason: ProbeReason;
  /** For people: what was seen, with values. Never a label. Empty for a plain success. */
  detail: string;
  /** Seconds from the start to the end of the run. */
  durationSeconds: number;
  /** A success that took longer than the catalogue's `degradedAbove`. */
  degraded: boolean;
  /** Seconds by phase; the phases of a kind are the same in success and failure, and add up to `durationSeconds`. */
  phases: Readonly<Record<string, number>>;
  /** What the kind saw beside its judgement. */
  facts: ProbeFacts;
}

/** Facts of a run; a field is absent when the run did not get that far. */
export interface ProbeFacts {
  /** 4 or 6. */
  ipProtocol?: number;
  /** Unix seconds at which the first certificate of the chain expires; known even when verification fails. */
  certificateExpirySeconds?: number;
  /** The address that was connected to. */
  ipAddress?: string;
  /** Unix seconds at which the first certificate of a chain that verified expires. */
  chainExpirySeconds?: number;
  certificateVerified?: boolean;
  /** As Node names it: `TLSv1.3`. */
  tlsVersion?: string;
  /** As IANA names it: `TLS_AES_128_GCM_SHA256`. */
  tlsCipher?: string;
  /** Only where the catalogue asks for it. */
  certificate?: CertificateText;
  /** Whether the last hop was encrypted. */
  tls?: boolean;
  status?: number;
  /** 1.1 for HTTP/1.1. */
  httpVersion?: number;
  /** Value of Content-Length; -1 without one. */
  contentLength?: number;
  redirects?: number;
  /** Of the trace that the last request began. */
  traceId?: string;
  mcp?: McpFacts;
  /** Bytes of the body without its content encodings. */
  uncompressedBodyLength?: number;
  /** Unix seconds of Last-Modified. */
  lastModifiedSeconds?: number;
  /** Requests of a probe of several that came out as expected. */
  stepsCompleted?: number;
  /** Whether the connection became a WebSocket. */
  upgraded?: boolean;
  dns?: DnsFacts;
  grpc?: GrpcFacts;
  prometheus?: PrometheusFacts;
  heartbeat?: HeartbeatFacts;
  /** Rows of an answer of SQL. */
  rows?: number;
  /** Of a language model. */
  llm?: LlmFacts;
}

/** What a run saw of an MCP server; a field is absent when the run did not get that far. */
export interface McpFacts {
  era?: 'modern' | 'legacy';
  /** Protocol version that both sides speak. */
  version?: string;
  /** Tools listed. */
  tools?: number;
  /** Required tools that were not. */
  missing?: number;
  /** Whether the schema of a tool is another than the pinned one. */
  changed?: boolean;
  /** Behind a proxy: 0 nothing, 1 the proxy is up, 2 it lists the servers and tools, 3 the canary answered. */
  level?: number;
  /** What became of the session: there was none, it was ended, or the server would not end it. */
  session?: 'none' | 'ended' | 'left';
}

/** Why a run came out as it did: a closed set, fit for tables and, grouped, for labels. */
export type ProbeReason =
  | 'none'
  | 'refused'
  | 'unreachable'
  | 'reset'
  // Ended by the peer in order, but before an answer, or before its end.
  | 'closed'
  | 'truncated'
  // A connection that had to be refused was not.
  | 'accepted'
  // Slower than the catalogue's `failAbove`.
  | 'slow'
  // No upgrade to WebSocket.
  | 'upgrade'
  | 'timeout'
  | 'dns'
  | 'tls'
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'certificate-expiring'
  | 'certificate-name'
  | 'certificate-self-signed'
  | 'certificate-untrusted'
  | 'certificate-mismatch'
  | 'tls-version'
  | 'status'
  | 'header'
  | 'text'
  | 'json'
  | 'not-json'
  | 'body-too-large'
  | 'headers-too-large'
  | 'encoding'
  // A value that a later step needs is not in the answer.
  | 'extract'
  | 'redirect'
  | 'protocol'
  // Datastores, gRPC, DNS, PromQL: refused credentials; no free connection; up but not able to serve; another role than promised;
  // an error for an answer; another value than promised; no value at all.
  | 'auth'
  | 'saturated'
  | 'not-ready'
  | 'role'
  | 'query'
  | 'value'
  | 'empty'
  | 'rcode'
  | 'target-down'
  | 'rule-error'
  // A heartbeat that did not come, or that came to report a failure.
  | 'silent'
  | 'reported'
  // Language models: no money or quota left; too many requests; a provider that is too busy, or fails; no token in time; tokens that stopped
  // coming; a stream without its end; an error within a stream, or something else than a stream; a reply that is empty or was broken off;
  // another model than asked for; another provider than expected; the day's budget of the prober.
  | 'billing'
  | 'rate-limited'
  | 'overloaded'
  | 'provider-error'
  | 'first-token-timeout'
  | 'stalled-stream'
  | 'truncated-stream'
  | 'stream-error'
  | 'content-type'
  | 'empty-reply'
  | 'finish-reason'
  | 'model'
  | 'provider'
  | 'budget-spent'
  | 'not-heard'
  // MCP: an error of JSON-RPC by its code, an error of the tool itself, tools or schemas other than promised, another server.
  | 'rpc-invalid'
  | 'rpc-unknown-method'
  | 'rpc-internal'
  | 'rpc-error'
  | 'unsupported-version'
  | 'tool-error'
  | 'tools-missing'
  | 'schema-changed'
  | 'server-name'
  | 'lagging'
  | 'offline'
  | 'own-resources'
  // The guard does not let a probe go to that address.
  | 'denied'
  | 'misconfigured'
  | 'internal';

/** Reasons that lie with the prober: they make a run unknown, not failed. */
export const OWN_REASONS: ReadonlySet<ProbeReason> = new Set([
  'budget-spent',
  'not-heard',
  'lagging',
  'offline',
  'own-resources',
  'denied',
  'misconfigured',
  'internal',
]);

/** Reason and evidence for people, without saying the same word twice: `refused: connect ECONNREFUSED 127.0.0.1:80`. */
export function explain({ reason, detail }: Pick<ProbeResult, 'reason' | 'detail'>): string {
  return detail.startsWith(reason) ? detail : `${reason}: ${detail}`;
}
