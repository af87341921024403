import { CARD } from '../../card.ts';
import type { ServiceDocument } from '../../document/document.ts';
import type { ProbeDocumentOf } from '../../document/probe.ts';
import type { McpCanary, McpTool } from '../../model.ts';
import { parseDurationMs } from '../../units.ts';
import { resolveExpectation } from '../resolve-endpoint.ts';
import { checkExpectation, checkPattern } from '../rules/patterns.ts';
import type { ProbeLoader } from './loader.ts';

type McpService = Extract<ServiceDocument, { kind: 'mcp' }>;

/** The first revision of the protocol without sessions. */
const MODERN_SINCE = '2026-07-28';

/** A call that is promised to take longer is none to repeat around the clock, milliseconds. */
const CHEAP_MS = 1_000;

export const mcpLoader: ProbeLoader<'mcp'> = {
  resolve(document, timing, service) {
    const mcp = service.kind === 'mcp' ? service : null;
    const transport = document.transport ?? mcp?.mcp.transport ?? 'streamable-http';
    return {
      ...timing,
      kind: 'mcp',
      transport,
      path: (document.path ?? (transport === 'openapi' ? '' : (mcp?.mcp.path ?? '/mcp'))).replace(/\/$/, ''),
      era: document.era ?? mcp?.mcp.era ?? 'auto',
      serverName: document.serverName ?? null,
      versions: document.versions ?? [],
      minTools: document.minTools ?? 0,
      tools: document.tools?.map((name) => ({ server: null, name })) ?? (mcp === null ? [] : toolsOf(mcp)),
      schemas: document.schemas ?? {},
      canary: resolveCanary(document, mcp),
      ping: document.ping ?? false,
      exports: document.export ?? [],
    };
  },
  check(context, path, document, service) {
    checkPattern(context, [...path, 'serverName'], document.serverName);
    if (document.canary) checkExpectation(context, [...path, 'canary', 'expect'], document.canary.expect);
    const transport = document.transport ?? (service.kind === 'mcp' ? service.mcp.transport : 'streamable-http');
    const { era, versions } = document;
    if (versions !== undefined && era !== undefined && era !== 'auto') {
      const isOfEra = (version: string) => version >= MODERN_SINCE === (era === 'modern');
      if (!versions.some(isOfEra)) {
        const fix = 'name one that is, or leave era out';
        context.report([...path, 'versions'], `none is of the era ${era}, which changes with ${MODERN_SINCE}`, fix);
      }
    }
    for (const key of ['era', 'versions', 'serverName', 'ping'] as const) {
      if (transport !== 'openapi' || document[key] === undefined) continue;
      context.report([...path, key], `${key} cannot be seen through an OpenAPI proxy`, 'remove it', { part: 'key' });
    }
  },
};

/** The tools that the service calls, each with its server, and those that it says must be listed. */
function toolsOf({ mcp, endpoints }: McpService): McpTool[] {
  const called = new Map(
    endpoints.map(({ tool, server = null }) => [`${server ?? ''}/${tool}`, { server, name: tool }] as const),
  );
  const names = new Set([...called.values()].map(({ name }) => name));
  return [
    ...called.values(),
    ...(mcp.tools ?? []).filter((name) => !names.has(name)).map((name) => ({ server: null, name })),
  ];
}

function resolveCanary({ canary }: ProbeDocumentOf<'mcp'>, mcp: McpService | null): McpCanary | null {
  if (canary === false) return null;
  if (canary !== undefined) {
    return {
      tool: canary.tool,
      server: canary.server ?? null,
      arguments: canary.arguments ?? {},
      expect: resolveExpectation(canary.expect),
      withinMs: canary.within === undefined ? null : parseDurationMs(canary.within),
    };
  }
  const promisedMs = (endpoint: McpService['endpoints'][number]) =>
    parseDurationMs(endpoint.objectives?.p95 ?? mcp?.objectives?.p95 ?? CARD.objectives.p95);
  const cheap = mcp?.endpoints.find((endpoint) => promisedMs(endpoint) <= CHEAP_MS);
  if (cheap === undefined) return null;
  return {
    tool: cheap.tool,
    server: cheap.server ?? null,
    arguments: cheap.arguments ?? {},
    expect: resolveExpectation(cheap.expect),
    withinMs: null,
  };
}
