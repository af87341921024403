import { escapePattern } from './escape-pattern.ts';

/** Something that answers requests of one method on paths of one template. */
export interface Routed {
  readonly method: string;
  /** Path template with parameters in braces, without the query. */
  readonly path: string;
}

export type Match<R extends Routed> =
  | { kind: 'found'; routes: readonly R[]; params: Readonly<Record<string, string>> }
  | { kind: 'wrong-method'; allowed: string[] }
  | { kind: 'unknown' };

interface Template<R> {
  pattern: RegExp;
  byMethod: Map<string, R[]>;
}

const NO_PARAMS: Readonly<Record<string, string>> = {};

/**
 * Finds the routes of a request. Paths without parameters go before those with; several routes may share method and path.
 * A HEAD request finds the GET route.
 */
export class Router<R extends Routed> {
  readonly #exact = new Map<string, Map<string, R[]>>();
  readonly #templates = new Map<string, Template<R>>();

  constructor(routes: Iterable<R>) {
    for (const route of routes) {
      const byMethod = route.path.includes('{') ? this.#template(route.path).byMethod : this.#path(route.path);
      const there = byMethod.get(route.method);
      if (there === undefined) byMethod.set(route.method, [route]);
      else there.push(route);
    }
  }

  find(method: string, path: string): Match<R> {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return byMethod(exact, method, NO_PARAMS);
    for (const template of this.#templates.values()) {
      const match = template.pattern.exec(path);
      if (match !== null) return byMethod(template.byMethod, method, decoded(match.groups ?? {}));
    }
    return { kind: 'unknown' };
  }

  #path(path: string): Map<string, R[]> {
    const there = this.#exact.get(path) ?? new Map<string, R[]>();
    this.#exact.set(path, there);
    return there;
  }

  #template(path: string): Template<R> {
    const there = this.#templates.get(path) ?? { pattern: toPattern(path), byMethod: new Map<string, R[]>() };
    this.#templates.set(path, there);
    return there;
  }
}

function byMethod<R extends Routed>(
  routes: Map<string, R[]>,
  method: string,
  params: Readonly<Record<string, string>>,
): Match<R> {
  const found = routes.get(method) ?? (method === 'HEAD' ? routes.get('GET') : undefined);
  if (found !== undefined) return { kind: 'found', routes: found, params };
  return { kind: 'wrong-method', allowed: [...routes.keys(), ...(routes.has('GET') ? ['HEAD'] : [])] };
}

function toPattern(template: string): RegExp {
  const source = template
    .split(/(\{\w+\})/)
    .map((part) => (/^\{\w+\}$/.test(part) ? `(?<${part.slice(1, -1)}>[^/]+)` : escapePattern(part)));
  return new RegExp(`^${source.join('')}$`);
}

function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)]));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
