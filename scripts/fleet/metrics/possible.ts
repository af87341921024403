import type { Endpoint, Service } from '../../../thresholds/model.ts';
import type { EndpointRuntime } from '../service-state.ts';
import type { Event } from './labels.ts';

/** Method and path under which an endpoint is counted. */
export function routeOf(endpoint: Endpoint, service: Service): { method: string; path: string } {
  if (endpoint.kind === 'http') return { method: endpoint.method, path: withoutQuery(endpoint.path) };
  return { method: 'POST', path: pathOf(endpoint, service) };
}

function pathOf(endpoint: Endpoint, service: Service): string {
  if (service.kind === 'llm') {
    const { basePath, model, api } = service.llm;
    return api === 'openai' ? `${basePath}/chat/completions` : `${basePath}/models/${model}:generateContent`;
  }
  if (service.kind !== 'mcp' || endpoint.kind !== 'tool') return '/';
  if (service.mcp.transport === 'streamable-http') return service.mcp.path;
  return endpoint.server === null ? `/${endpoint.tool}` : `/${endpoint.server}/${endpoint.tool}`;
}

export function withoutQuery(path: string): string {
  return path.split('?', 1)[0] ?? path;
}

/**
 * Every event that a request of the endpoint can be counted as: answered as expected or failed, for each known value of its
 * arguments, and for each provider that it calls.
 */
export function possibleEvents({ endpoint, method, path, known }: EndpointRuntime, service: Service): Event[] {
  const failures = [500, 503, ...(endpoint.sim.calls.length > 0 ? [502] : [])];
  const results = [
    ...endpoint.expect.status.slice(0, 1).map((status) => ({ status, outcome: 'success' as const })),
    ...failures.map((status) => ({ status, outcome: 'error' as const })),
  ];
  const base = { method, path, endpoint: endpoint.id, durationSeconds: 0 };
  return argumentSets(known).flatMap((args) =>
    results.flatMap((result) =>
      ['', ...providersOf(endpoint, service)].map((provider) => ({ ...base, ...result, provider, arguments: args })),
    ),
  );
}

function providersOf(endpoint: Endpoint, service: Service): string[] {
  return service.kind === 'http' ? endpoint.sim.calls : [];
}

function argumentSets(known: EndpointRuntime['known']): Record<string, string>[] {
  let sets: Record<string, string>[] = [{}];
  for (const [name, values] of known) {
    sets = sets.flatMap((set) => [...values].map((value) => ({ ...set, [name]: value })));
  }
  return sets;
}
