import type { Fault } from './faults.ts';
import type { DrillMode, Unit } from './verdict.ts';

/**
 * The catalogue as everything else reads it: references resolved, defaults applied, durations in milliseconds, shares 0 to 1.
 * Only `loadCatalogue` makes one.
 */
export interface Catalogue {
  /** The environment that was chosen; the value of the `environment` label. */
  environment: string;
  systems: System[];
  receivers: Receiver[];
}

/** Where something stands in the catalogue, for messages and annotations. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

export interface System {
  id: string;
  title: string;
  team: string;
  services: Service[];
  alerts: Alert[];
  routing: Routing;
  place: Place;
}

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

/** `fleet`: the simulated service, its port known once it listens. */
export type Address = { kind: 'fleet'; tls: boolean } | { kind: 'url'; url: string };

/**
 * Base URL of each target (`<system>/<service>`) once everything listens: `http://127.0.0.1:4321`, `https://...`,
 * `tcp://127.0.0.1:5432`. No slash at the end.
 */
export type AddressBook = ReadonlyMap<string, string>;

/** A secret by reference. `resolveSecret` reads it, as late as possible. */
export type Secret = { variable: string } | { file: string };

export type Auth =
  | { kind: 'bearer'; token: Secret }
  | { kind: 'basic'; username: string; password: Secret }
  | { kind: 'header'; name: string; value: Secret };

export type ProbeSpec = HttpProbeSpec | TcpProbeSpec;

interface ProbeBase {
  intervalMs: number;
  timeoutMs: number;
  /** A slower success is a success, but degraded; null for never. */
  degradedAboveMs: number | null;
}

export interface HttpProbeSpec extends ProbeBase {
  kind: 'http';
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  /** Text as sent; null for no body. */
  body: string | null;
  expect: Expectation;
}

export interface TcpProbeSpec extends ProbeBase {
  kind: 'tcp';
  send: string | null;
  expectText: string | null;
}

/** The expected answer. */
export interface Expectation {
  status: number[];
  json: Record<string, JsonCondition>;
  /** Source of a regular expression. */
  text: string | null;
  headers: Record<string, string>;
}

export type JsonCondition =
  | string
  | number
  | boolean
  | null
  | { type: 'string' | 'number' | 'boolean' | 'array' | 'object' }
  | { matches: string }
  | { minItems: number };

interface EndpointBase {
  /** Unique in its service. */
  id: string;
  weight: number;
  timeoutMs: number;
  expect: Expectation;
  objectives: EndpointObjectives;
  sim: EndpointSim;
  place: Place;
}

export interface HttpEndpoint extends EndpointBase {
  kind: 'http';
  method: string;
  /** Path template with parameters in braces, query included. */
  path: string;
  params: Record<string, (string | number)[]>;
  headers: Record<string, string>;
  /** Text as sent; null for no body. Content-Type stands in `headers`. */
  body: string | null;
}

export interface ToolEndpoint extends EndpointBase {
  kind: 'tool';
  tool: string;
  server: string | null;
  arguments: Record<string, unknown>;
}

export interface CompletionEndpoint extends EndpointBase {
  kind: 'completion';
  prompt: string;
  maxTokens: number;
}

export type Endpoint = HttpEndpoint | ToolEndpoint | CompletionEndpoint;

export interface EndpointObjectives {
  /** Share of answers (`quantile`, 0 to 1) that must come within `limitMs`; `name` as in the catalogue: `p95`. */
  latency: { name: string; quantile: number; limitMs: number }[];
  /** Share of good answers, 0 to 1. */
  success: number;
  meanMs: number | null;
  maxMs: number | null;
}

/** A lognormal distribution by its median and 95th percentile. */
export interface Distribution {
  median: number;
  p95: number;
}

/** How the fleet answers an endpoint. Milliseconds. */
export interface EndpointSim {
  latencyMs: Distribution;
  /** Undefined: made up from the expectation. */
  body: unknown;
  contentType: string | null;
  calls: string[];
  skipFirst: boolean;
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

export interface Metric {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  unit: string | null;
  labels: Record<string, LabelSource>;
  buckets: number[] | null;
  sim: MetricSim | null;
}

/** A fixed text (or `$method`, `$endpoint`, ...), one of several values, or one by weight. */
export type LabelSource = string | string[] | Record<string, number>;

export type Interval = [from: number, to: number];

/**
 * How the fleet moves a metric. Distributions here are in the metric's own unit (a duration in seconds). `faults` replaces the
 * named part while that fault is on: the share interval or the distribution for `requests`, the value for `level`, the rate
 * for `ticking`.
 */
export type MetricSim =
  | {
      kind: 'requests';
      on: 'requests' | string[];
      observe: 'duration' | 'one' | Distribution;
      draw: string | null;
      share: Interval;
      warmTo: { share: Interval; requests: number } | null;
      faults: Record<string, Interval | Distribution>;
    }
  | {
      kind: 'level';
      value: number | 'inFlight' | 'startTime' | 'now';
      jitter: number;
      faults: Record<string, number>;
    }
  | {
      kind: 'ticking';
      perSecond: number;
      start: number;
      observe: Distribution | null;
      faults: Record<string, number>;
    };

/** Which metrics of a service count its requests and time them. */
export interface Signals {
  requests: { metric: string; errors: string } | null;
  duration: { metric: string } | null;
}

export type Severity = 'critical' | 'warning' | 'info';

export interface Alert {
  name: string;
  system: string;
  severity: Severity;
  forMs: number;
  keepFiringForMs: number;
  /** Null: every service of the system. */
  service: string | null;
  objective: string;
  condition: Condition;
  summary: string;
  description: string;
  note: string | null;
  drill: { mode: DrillMode; reason: string };
  fault: Fault | null;
  nearMiss: Fault | null;
  consequences: string[];
  place: Place;
}

/** What makes an alert fire. `where` holds further label matchers, comma-separated, or is empty. */
export type Condition =
  | { kind: 'target-down' }
  | {
      kind: 'latency-quantile';
      quantile: number;
      aboveMs: number;
      windowMs: number;
      metric: string | null;
      where: string;
    }
  | { kind: 'error-share'; above: number; windowMs: number; where: string }
  | { kind: 'errors-seen'; metric: string; where: string; by: string[]; windowMs: number };

export interface Routing {
  receivers: string[];
  bySeverity: Partial<Record<Severity, string[]>>;
  groupBy: string[];
  groupWaitMs: number;
  groupIntervalMs: number;
  repeatIntervalMs: number;
}

export type Receiver = { name: string } & (
  | { type: 'webhook'; url: string }
  | { type: 'slack'; channel: string; apiUrl: Secret }
  | { type: 'discord'; webhookUrl: Secret }
  | { type: 'pagerduty'; routingKey: Secret }
  | { type: 'email'; to: string; from: string; smarthost: string; username: string | null; password: Secret | null }
);
