import type { z } from 'zod';
import { CARD } from '../card.ts';
import type { CatalogueDocument, ServiceDocument } from '../document/document.ts';
import type { auth } from '../document/endpoint.ts';
import type { Address, Auth, PromqlObjective, Service, System } from '../model.ts';
import { targetName } from '../names.ts';
import { DURATION_PATTERN, parseDurationMs, parseShare } from '../units.ts';
import { resolveAlert } from './resolve-alert.ts';
import { resolveCompletionEndpoint, resolveHttpEndpoint, resolveToolEndpoint } from './resolve-endpoint.ts';
import { resolveMaintenance } from './resolve-maintenance.ts';
import { resolveMetric } from './resolve-metric.ts';
import { resolveProbes } from './resolve-probe.ts';
import { resolveRouting } from './resolve-routing.ts';
import { type Path, placeAt, type Source } from './source.ts';

type Overlay = NonNullable<CatalogueDocument['environments']>[string][string];

/** A checked document as a system of the model, in one environment. */
export function resolveSystem(
  source: Source,
  document: CatalogueDocument & { system: string },
  environment: string,
): System {
  const overlays = document.environments?.[environment] ?? {};
  return {
    id: document.system,
    title: document.title ?? document.system,
    team: document.team ?? document.system,
    services: (document.services ?? []).map((service, index) =>
      resolveService(source, document, service, overlays[service.id] ?? {}, ['services', index]),
    ),
    alerts: (document.alerts ?? []).map((alert, index) =>
      resolveAlert(alert, document.system, placeAt(source, ['alerts', index, 'name'])),
    ),
    routing: resolveRouting(document.routing),
    place: placeAt(source, ['system']),
  };
}

function resolveService(
  source: Source,
  document: CatalogueDocument & { system: string },
  service: ServiceDocument,
  overlay: Overlay,
  path: Path,
): Service {
  const authDocument = overlay.auth ?? service.auth;
  const base = {
    id: service.id,
    system: document.system,
    target: targetName(document.system, service.id),
    title: service.title ?? service.id,
    address: resolveAddress(overlay.address ?? service.address),
    port: service.port ?? null,
    scrape: resolveScrape(service),
    tls: { caFile: service.tls?.caFile ?? null, insecure: service.tls?.insecure ?? false },
    auth: authDocument === undefined ? null : resolveAuth(authDocument),
    ...resolveProbes(service),
    maintenance: [...resolveMaintenance(document.maintenance), ...resolveMaintenance(service.maintenance)],
    promql: (service.promql ?? []).map((row, index) =>
      resolvePromql(row, placeAt(source, [...path, 'promql', index, 'objective'])),
    ),
    metrics: (service.metrics ?? []).map(resolveMetric),
    signals: { requests: service.signals?.requests ?? null, duration: service.signals?.duration ?? null },
    place: placeAt(source, [...path, 'id']),
  };
  if (service.kind === 'exporter') return { ...base, kind: 'exporter' };
  if (service.kind === 'datastore') return { ...base, kind: 'datastore', engine: service.engine };

  const load = {
    requestsPerSecond: service.load?.requestsPerSecond ?? CARD.requestsPerSecond,
    requestBudget: service.budget?.requests ?? null,
  };
  const inherited = [overlay.objectives ?? {}, service.objectives ?? {}, document.objectives ?? {}];
  const place = (index: number) => placeAt(source, [...path, 'endpoints', index]);
  switch (service.kind) {
    case 'http':
      return {
        ...base,
        ...load,
        kind: 'http',
        endpoints: service.endpoints.map((row, index) => resolveHttpEndpoint(row, inherited, place(index))),
      };
    case 'mcp':
      return {
        ...base,
        ...load,
        kind: 'mcp',
        mcp: {
          transport: service.mcp.transport,
          path: service.mcp.path ?? CARD.mcpPath,
          era: service.mcp.era ?? 'modern',
          tools: service.mcp.tools ?? [],
        },
        endpoints: service.endpoints.map((row, index) => resolveToolEndpoint(row, inherited, place(index))),
      };
    case 'llm':
      return {
        ...base,
        ...load,
        kind: 'llm',
        llm: {
          api: service.llm.api,
          model: service.llm.model,
          basePath: (service.llm.basePath ?? '').replace(/\/$/, ''),
          firstTokenWithinMs:
            service.llm.firstTokenWithin === undefined
              ? CARD.firstTokenWithinMs
              : parseDurationMs(service.llm.firstTokenWithin),
          usdPerMillionTokens: service.llm.usdPerMillionTokens ?? null,
        },
        endpoints: service.endpoints.map((row, index) => resolveCompletionEndpoint(row, inherited, place(index))),
      };
  }
}

function resolveAddress(text: string): Address {
  if (text.startsWith('fleet')) return { kind: 'fleet', tls: text.startsWith('fleet+tls') };
  return { kind: 'url', url: text.replace(/\/+$/, '') };
}

function resolveScrape(service: ServiceDocument): Service['scrape'] {
  const exportsByDefault = service.kind !== 'llm' && service.kind !== 'datastore';
  if (service.scrape === false || (service.scrape === undefined && !exportsByDefault)) return null;
  const interval = service.scrape?.interval;
  return {
    path: service.scrape?.path ?? CARD.scrapePath,
    intervalMs: interval === undefined ? null : parseDurationMs(interval),
  };
}

function resolveAuth(document: z.infer<typeof auth>): Auth {
  if ('bearer' in document) return { kind: 'bearer', token: document.bearer };
  if ('basic' in document) return { kind: 'basic', ...document.basic };
  return { kind: 'header', ...document.header };
}

function resolvePromql(
  row: NonNullable<ServiceDocument['promql']>[number],
  place: PromqlObjective['place'],
): PromqlObjective {
  const direction = row.below === undefined ? 'above' : 'below';
  const bound = row.below ?? row.above ?? 0;
  const isDuration = typeof bound === 'string' && DURATION_PATTERN.test(bound);
  const limit = typeof bound === 'number' ? bound : isDuration ? parseDurationMs(bound) / 1_000 : parseShare(bound);
  return {
    objective: row.objective,
    expr: row.expr,
    direction,
    limit,
    unit: typeof bound === 'number' ? 'count' : isDuration ? 'seconds' : 'ratio',
    samples: row.samples,
    minSamples: row.minSamples ?? CARD.promqlMinSamples,
    place,
  };
}
