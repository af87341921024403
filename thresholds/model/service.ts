import type { Unit } from '../verdict.ts';
import type { Address, Auth, Place } from './catalogue.ts';
import type { CompletionEndpoint, HttpEndpoint, ToolEndpoint } from './endpoint.ts';
import type { MaintenanceWindow } from './maintenance.ts';
import type { Metric } from './metric.ts';
import type { ProbeSpec } from './probe.ts';

export type Service = HttpService | LlmService | McpService | DatastoreService | ExporterService;

/** Services that a k6 scenario loads. */
export type LoadedService = HttpService | LlmService | McpService;

interface ServiceBase {
  id: string;
  system: string;
  /** `<system>/<service>`: the key of address books and the target label of probes. */
  target: string;
  title: string;
  address: Address;
  /** The port that the service has in the team's own set-up. */
  port: number | null;
  /** Null when the service exports no metrics. */
  scrape: { path: string; intervalMs: number | null } | null;
  tls: { caFile: string | null; insecure: boolean };
  auth: Auth | null;
  probe: ProbeSpec;
  /** Further probes by name; each is a target of its own, `<system>/<service>/<name>`. */
  furtherProbes: ReadonlyMap<string, ProbeSpec>;
  /** Its own windows and those of its system. */
  maintenance: readonly MaintenanceWindow[];
  promql: PromqlObjective[];
  metrics: Metric[];
  signals: Signals;
  place: Place;
}

export interface HttpService extends ServiceBase, LoadSpec {
  kind: 'http';
  endpoints: HttpEndpoint[];
}

export interface LlmService extends ServiceBase, LoadSpec {
  kind: 'llm';
  llm: {
    api: 'openai' | 'gemini';
    model: string;
    /** Path before `/chat/completions` (openai) or `/models/...` (gemini); no slash at its end. */
    basePath: string;
    firstTokenWithinMs: number;
    usdPerMillionTokens: { input: number; output: number } | null;
  };
  endpoints: CompletionEndpoint[];
}

export interface McpService extends ServiceBase, LoadSpec {
  kind: 'mcp';
  mcp: { transport: 'streamable-http' | 'openapi'; path: string; era: 'modern' | 'legacy'; tools: string[] };
  endpoints: ToolEndpoint[];
}

export interface DatastoreService extends ServiceBase {
  kind: 'datastore';
  engine: 'postgres' | 'redis' | 'other';
}

export interface ExporterService extends ServiceBase {
  kind: 'exporter';
}

interface LoadSpec {
  /** Expected traffic of the whole service. */
  requestsPerSecond: number;
  /** Most requests in one run, over all endpoints; null for no limit. */
  requestBudget: number | null;
}

export interface PromqlObjective {
  objective: string;
  /** `$matchers` and `$window` not yet filled in. */
  expr: string;
  direction: 'below' | 'above';
  limit: number;
  unit: Unit;
  samples: string;
  minSamples: number;
  place: Place;
}

/** Which metrics of a service count its requests and time them. */
export interface Signals {
  requests: { metric: string; errors: string } | null;
  duration: { metric: string } | null;
}
