import type { z } from 'zod';
import { CARD } from '../card.ts';
import type { completionEndpoint, httpEndpoint, objectives, toolEndpoint } from '../document/endpoint.ts';
import type { expectation } from '../document/expect.ts';
import type {
  CompletionEndpoint,
  EndpointObjectives,
  EndpointSim,
  Expectation,
  HttpEndpoint,
  JsonCondition,
  Place,
  ToolEndpoint,
  Unwanted,
} from '../model.ts';
import { expandStatuses } from '../status.ts';
import { parseDurationMs, parseShare } from '../units.ts';

type ObjectivesDocument = z.infer<typeof objectives>;
type EndpointDocument =
  | z.infer<typeof httpEndpoint>
  | z.infer<typeof toolEndpoint>
  | z.infer<typeof completionEndpoint>;

/** The name of an endpoint's rows: its own id, or what it calls. */
export function endpointId(endpoint: EndpointDocument): string {
  if (endpoint.id !== undefined) return endpoint.id;
  if ('path' in endpoint) return `${endpoint.method ?? 'GET'} ${endpoint.path}`;
  if ('tool' in endpoint) return endpoint.server === undefined ? endpoint.tool : `${endpoint.server}/${endpoint.tool}`;
  return 'completion';
}

/** An HTTP endpoint with its defaults. `inherited` are the promises of the service, system and card, the nearest first. */
export function resolveHttpEndpoint(
  endpoint: z.infer<typeof httpEndpoint>,
  inherited: readonly ObjectivesDocument[],
  place: Place,
): HttpEndpoint {
  const { body, headers } = resolveBody(endpoint.body, endpoint.headers ?? {});
  const query = Object.entries(endpoint.query ?? {}).map(([key, value]): [string, string] => [key, String(value)]);
  const search = query.length === 0 ? '' : `?${new URLSearchParams(query)}`;
  return {
    ...resolveShared(endpoint, inherited, place),
    kind: 'http',
    method: endpoint.method ?? 'GET',
    path: `${endpoint.path}${search}`,
    params: endpoint.params ?? {},
    headers,
    body,
  };
}

/** An MCP tool call with its defaults. */
export function resolveToolEndpoint(
  endpoint: z.infer<typeof toolEndpoint>,
  inherited: readonly ObjectivesDocument[],
  place: Place,
): ToolEndpoint {
  return {
    ...resolveShared(endpoint, inherited, place),
    kind: 'tool',
    tool: endpoint.tool,
    server: endpoint.server ?? null,
    arguments: endpoint.arguments ?? {},
  };
}

/** A completion with its defaults. An empty answer is not an answer: without an expectation some text is expected. */
export function resolveCompletionEndpoint(
  endpoint: z.infer<typeof completionEndpoint>,
  inherited: readonly ObjectivesDocument[],
  place: Place,
): CompletionEndpoint {
  const shared = resolveShared(endpoint, inherited, place);
  return {
    ...shared,
    expect: { ...shared.expect, text: shared.expect.text ?? '\\S' },
    kind: 'completion',
    prompt: endpoint.prompt,
    maxTokens: endpoint.maxTokens ?? CARD.completionMaxTokens,
  };
}

function resolveShared(endpoint: EndpointDocument, inherited: readonly ObjectivesDocument[], place: Place) {
  const promised = resolveObjectives([endpoint.objectives ?? {}, ...inherited]);
  const slowestMs = Math.max(0, ...promised.latency.map((row) => row.limitMs));
  return {
    id: endpointId(endpoint),
    weight: endpoint.weight ?? 1,
    timeoutMs:
      endpoint.timeout === undefined
        ? Math.max(CARD.minTimeoutMs, CARD.timeoutFactor * slowestMs)
        : parseDurationMs(endpoint.timeout),
    expect: resolveExpectation(endpoint.expect),
    objectives: promised,
    sim: resolveSim(endpoint.sim),
    place,
  };
}

/**
 * Promises by precedence. A level that names a percentile replaces the percentiles of the levels behind it, so that an endpoint with
 * `p95: 5s` is not also held to the card's 500 ms.
 */
export function resolveObjectives(levels: readonly ObjectivesDocument[]): EndpointObjectives {
  const all = [...levels, CARD.objectives];
  const percentiles = ['p50', 'p90', 'p95', 'p99'] as const;
  const timed = all.find((level: ObjectivesDocument) => percentiles.some((name) => level[name] !== undefined)) ?? {};
  const first = (name: keyof ObjectivesDocument) => all.map((level: ObjectivesDocument) => level[name]).find(Boolean);
  const mean = first('mean');
  const max = first('max');
  return {
    latency: percentiles.flatMap((name) => {
      const limit = (timed as ObjectivesDocument)[name];
      return limit === undefined
        ? []
        : [{ name, quantile: Number(name.slice(1)) / 100, limitMs: parseDurationMs(limit) }];
    }),
    success: parseShare(first('success') ?? CARD.objectives.success),
    meanMs: mean === undefined ? null : parseDurationMs(mean),
    maxMs: max === undefined ? null : parseDurationMs(max),
  };
}

/** The expected answer with its defaults. */
export function resolveExpectation(expect: z.infer<typeof expectation> | undefined): Expectation {
  const not = expect?.not;
  // Whoever says which status must not come, and no more, takes all others; redirects are still followed.
  const usual = not?.status === undefined ? 200 : ['2xx', '4xx', '5xx'];
  return {
    ...resolveConditions(expect ?? {}, usual),
    ...(not !== undefined && { not: resolveConditions(not, []) }),
  };
}

function resolveConditions(conditions: Omit<z.infer<typeof expectation>, 'not'>, usual: number | string[]): Unwanted {
  return {
    status: expandStatuses(conditions.status ?? usual),
    json: (conditions.json ?? {}) as Record<string, JsonCondition>,
    text: conditions.text ?? null,
    headers: conditions.headers ?? {},
  };
}

/** A body as sent: text as it is, anything else as JSON with its content type. */
export function resolveBody(
  body: unknown,
  headers: Record<string, string>,
): { body: string | null; headers: Record<string, string> } {
  if (body === undefined) return { body: null, headers };
  if (typeof body === 'string') return { body, headers };
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return { body: JSON.stringify(body), headers: typed ? headers : { 'content-type': 'application/json', ...headers } };
}

function resolveSim(sim: EndpointDocument['sim']): EndpointSim {
  return {
    latencyMs:
      sim?.latency === undefined
        ? { ...CARD.sim.latencyMs }
        : { median: parseDurationMs(sim.latency.median), p95: parseDurationMs(sim.latency.p95) },
    body: sim?.body,
    contentType: sim?.contentType ?? null,
    calls: sim?.calls ?? [],
    skipFirst: sim?.skipFirst ?? false,
  };
}
