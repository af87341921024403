import { resolveOperations, resolveRouting } from '../../../thresholds/load/resolve-routing.ts';
import type {
  Catalogue,
  Endpoint,
  EndpointObjectives,
  Expectation,
  HttpEndpoint,
  HttpService,
  LlmService,
  McpService,
  Place,
  Service,
} from '../../../thresholds/model.ts';

const place: Place = { file: 'test.yaml', line: 7, column: 1 };

/** A catalogue of one system with these services, good in every field that load looks at. */
export function catalogueOf(...services: Service[]): Catalogue {
  return {
    environment: 'test',
    receivers: [],
    muteTimes: [],
    operations: resolveOperations(undefined),
    connectivity: [],
    systems: [
      { id: 'shop', title: 'Shop', team: 'shop', services, alerts: [], routing: resolveRouting(undefined), place },
    ],
  };
}

export const OK: Expectation = { status: [200], json: {}, text: null, headers: {} };

/** Promises that few samples can prove: 6 for success, 10 for the median. */
export const LENIENT: EndpointObjectives = {
  latency: [{ name: 'p50', quantile: 0.5, limitMs: 400 }],
  success: 0.5,
  meanMs: null,
  maxMs: null,
};

export function httpEndpoint(over: Partial<HttpEndpoint> = {}): HttpEndpoint {
  return {
    ...endpointBase(),
    kind: 'http',
    id: 'GET /',
    method: 'GET',
    path: '/',
    params: {},
    headers: {},
    body: null,
    ...over,
  };
}

export function endpointBase(): Omit<Endpoint, 'kind'> {
  return {
    id: 'GET /',
    weight: 1,
    timeoutMs: 1_000,
    expect: OK,
    objectives: LENIENT,
    sim: { latencyMs: { median: 1, p95: 2 }, body: undefined, contentType: null, calls: [], skipFirst: false },
    place,
  };
}

export function httpService(over: Partial<HttpService> = {}): HttpService {
  return { ...serviceBase('web'), kind: 'http', endpoints: [httpEndpoint()], ...over };
}

export function mcpService(mcp: Partial<McpService['mcp']>, over: Partial<McpService> = {}): McpService {
  return {
    ...serviceBase('tools'),
    kind: 'mcp',
    mcp: { transport: 'streamable-http', path: '/mcp', era: 'modern', tools: [], ...mcp },
    endpoints: [{ ...endpointBase(), id: 'now', kind: 'tool', tool: 'now', server: null, arguments: { zone: 'UTC' } }],
    ...over,
  };
}

export function llmService(api: 'openai' | 'gemini', over: Partial<LlmService> = {}): LlmService {
  const llm = { api, model: 'm-1', basePath: '/v1', firstTokenWithinMs: 1_000, usdPerMillionTokens: null };
  const endpoint = { ...endpointBase(), id: 'short', kind: 'completion' as const, prompt: 'Say ok', maxTokens: 16 };
  return { ...serviceBase('model'), kind: 'llm', llm, endpoints: [endpoint], ...over };
}

function serviceBase(id: string) {
  return {
    id,
    system: 'shop',
    target: `shop/${id}`,
    title: id,
    address: { kind: 'url' as const, url: 'http://127.0.0.1' },
    port: null,
    scrape: null,
    tls: { caFile: null, insecure: false },
    auth: null,
    furtherProbes: new Map(),
    maintenance: [],
    probe: {
      kind: 'tcp' as const,
      intervalMs: 1_000,
      timeoutMs: 1_000,
      degradedAboveMs: null,
      confirm: { fail: { needed: 2, latest: 3 }, recover: { needed: 2, latest: 2 } },
      recheckMs: null,
      dialogue: [],
      mustRefuse: false,
      failAboveMs: null,
    },
    promql: [],
    metrics: [],
    signals: { requests: null, duration: null },
    place,
    requestsPerSecond: 20,
    requestBudget: null,
  };
}
