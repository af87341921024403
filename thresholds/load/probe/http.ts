import { resolveBody, resolveExpectation } from '../resolve-endpoint.ts';
import { checkExpectation } from '../rules/patterns.ts';
import { checkHeaders } from '../rules/secrets.ts';
import type { ProbeLoader } from './loader.ts';

export const httpLoader: ProbeLoader<'http'> = {
  resolve(document, timing) {
    const { body, headers } = resolveBody(document.body, document.headers ?? {});
    return {
      ...timing,
      kind: 'http',
      method: document.method ?? 'GET',
      path: document.path ?? '/',
      headers,
      body,
      expect: resolveExpectation(document.expect),
    };
  },
  check(context, path, document) {
    checkExpectation(context, [...path, 'expect'], document.expect);
    checkHeaders(context, [...path, 'headers'], document.headers);
  },
};
