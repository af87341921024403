import { checkPattern } from '../rules/patterns.ts';
import { checkHeaders } from '../rules/secrets.ts';
import type { ProbeLoader } from './loader.ts';

export const websocketLoader: ProbeLoader<'websocket'> = {
  resolve: (document, timing) => ({
    ...timing,
    kind: 'websocket',
    path: document.path ?? '/',
    headers: document.headers ?? {},
    subprotocol: document.subprotocol ?? null,
    send: document.send ?? null,
    expectText: document.expectText ?? null,
    ping: document.ping ?? true,
  }),
  check(context, path, document) {
    checkPattern(context, [...path, 'expectText'], document.expectText);
    checkHeaders(context, [...path, 'headers'], document.headers);
  },
};
