import type { Endpoint, LoadedService } from '../../thresholds/model.ts';
import type { PlannedEndpoint } from '../../thresholds/plan-load.ts';
import type { LoadRow } from '../../thresholds/verdict.ts';

/** What every row of an endpoint says of where it belongs. */
export function rowBase({
  service,
  endpoint,
}: PlannedEndpoint): Pick<LoadRow, 'system' | 'service' | 'endpoint' | 'provider' | 'source' | 'place'> {
  return {
    system: service.system,
    service: service.id,
    ...(service.kind === 'llm' ? { provider: providerName(service, endpoint) } : { endpoint: endpoint.id }),
    source: 'k6',
    place: `${endpoint.place.file}:${endpoint.place.line}`,
  };
}

/** The provider of an LLM row; with several prompts each is a row of its own. */
export function providerName(service: LoadedService, endpoint: Endpoint): string {
  return service.endpoints.length === 1 ? service.id : `${service.id}/${endpoint.id}`;
}
