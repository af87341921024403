import type { CatalogueDocument } from '../../document/document.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';
import { suggest } from '../suggest.ts';
import { checkExpectation } from './patterns.ts';

type Services = NonNullable<CatalogueDocument['services']>;
type Endpoint = Extract<Services[number], { endpoints: unknown }>['endpoints'][number];

/** Endpoints: path parameters have values, expressions compile, providers exist, tools name their server where they must. */
export function checkEndpoints(context: MeaningContext): void {
  const services = context.file.document.services ?? [];
  for (const [index, service] of services.entries()) {
    const path: Path = ['services', index];
    if (!('endpoints' in service)) continue;
    for (const [at, endpoint] of service.endpoints.entries()) {
      const place = [...path, 'endpoints', at];
      checkExpectation(context, [...place, 'expect'], endpoint.expect);
      checkParameters(context, place, endpoint);
      checkCalls(context, place, endpoint, services);
      if (service.kind === 'mcp' && 'tool' in endpoint) {
        if (service.mcp.transport === 'openapi' && endpoint.server === undefined) {
          context.report(
            [...place, 'tool'],
            'a tool behind an OpenAPI proxy needs the name of its server',
            'add server: NAME',
          );
        }
        if (service.mcp.transport === 'streamable-http' && endpoint.server !== undefined) {
          context.report([...place, 'server'], 'server is for tools behind an OpenAPI proxy only', 'remove it');
        }
      }
    }
  }
}

function checkParameters(context: MeaningContext, place: Path, endpoint: Endpoint): void {
  if (!('path' in endpoint)) return;
  const inPath = new Set([...endpoint.path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name));
  for (const name of inPath) {
    if (endpoint.params?.[name] === undefined) {
      context.report([...place, 'path'], `the parameter {${name}} has no values`, `add params: { ${name}: [...] }`);
    }
  }
  for (const name of Object.keys(endpoint.params ?? {})) {
    if (!inPath.has(name)) {
      const near = suggest(name, inPath);
      context.report(
        [...place, 'params', name],
        `the path has no parameter {${name}}`,
        near ? `did you mean ${near}?` : 'remove it',
        { part: 'key' },
      );
    }
  }
}

function checkCalls(context: MeaningContext, place: Path, endpoint: Endpoint, services: Services): void {
  const providers = services.filter((service) => service.kind === 'llm').map((service) => service.id);
  for (const [index, name] of (endpoint.sim?.calls ?? []).entries()) {
    if (providers.includes(name) || context.file.pruned) continue;
    const near = suggest(name, providers);
    context.report(
      [...place, 'sim', 'calls', index],
      `${name} is not a service of kind llm in this system`,
      near ? `did you mean ${near}?` : `use one of ${providers.join(', ') || 'those that you declare with kind: llm'}`,
    );
  }
}
