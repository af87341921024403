import type { CatalogueDocument } from '../../document/document.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';
import { suggest } from '../suggest.ts';

type Services = NonNullable<CatalogueDocument['services']>;
type Endpoint = Extract<Services[number], { endpoints: unknown }>['endpoints'][number];

/** Endpoints: path parameters have values, expressions compile, providers exist, tools name their server where they must. */
export function checkEndpoints(context: MeaningContext): void {
  const services = context.file.document.services ?? [];
  for (const [index, service] of services.entries()) {
    const path: Path = ['services', index];
    if (service.probe?.kind === 'tcp')
      checkPattern(context, [...path, 'probe', 'expectText'], service.probe.expectText);
    if (service.probe?.kind === 'http') checkExpectation(context, [...path, 'probe', 'expect'], service.probe.expect);
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

function checkExpectation(context: MeaningContext, place: Path, expect: Endpoint['expect']): void {
  checkPattern(context, [...place, 'text'], expect?.text);
  for (const [name, pattern] of Object.entries(expect?.headers ?? {}))
    checkPattern(context, [...place, 'headers', name], pattern);
  for (const [path, condition] of Object.entries(expect?.json ?? {})) {
    if (typeof condition === 'object' && condition !== null && 'matches' in condition) {
      checkPattern(context, [...place, 'json', path, 'matches'], condition.matches);
    }
  }
}

function checkPattern(context: MeaningContext, path: Path, pattern: string | undefined): void {
  if (pattern === undefined) return;
  try {
    new RegExp(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
    context.report(path, `not a regular expression: ${reason}`, 'escape special characters with a backslash');
  }
}
