import { checkPattern } from '../rules/patterns.ts';
import type { ProbeLoader } from './loader.ts';

export const tcpLoader: ProbeLoader<'tcp'> = {
  resolve: (document, timing) => ({
    ...timing,
    kind: 'tcp',
    send: document.send ?? null,
    expectText: document.expectText ?? null,
  }),
  check(context, path, document) {
    checkPattern(context, [...path, 'expectText'], document.expectText);
  },
};
