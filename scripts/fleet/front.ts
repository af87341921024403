import type { DatastoreService, ExporterService, HttpService, LlmService, McpService } from '../../thresholds/model.ts';
import type { Certificates } from './certificates.ts';
import { datastoreFront } from './datastore/datastore.ts';
import { exporter } from './exporter.ts';
import { type Front, httpFront } from './http/front.ts';
import { httpService } from './http/http-service.ts';
import { llmService } from './llm/llm-service.ts';
import { mcpService } from './mcp/mcp-service.ts';
import type { ServiceState } from './service-state.ts';

/** The protocol that a service of this kind speaks. */
export function createFront(state: ServiceState, certificates: Certificates | null): Front {
  const { kind } = state.service;
  if (kind === 'datastore') return datastoreFront(state as ServiceState<DatastoreService>);
  const handlers = {
    http: () => httpService(state as ServiceState<HttpService>),
    llm: () => llmService(state as ServiceState<LlmService>),
    mcp: () => mcpService(state as ServiceState<McpService>),
    exporter: () => exporter(state as ServiceState<ExporterService>),
  };
  return httpFront(state, handlers[kind](), certificates);
}
