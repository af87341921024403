import { checkPattern } from '../rules/patterns.ts';
import type { ProbeLoader } from './loader.ts';

export const dnsLoader: ProbeLoader<'dns'> = {
  resolve(document, timing) {
    const { expect = {} } = document;
    const rcode = expect.rcode ?? 'NOERROR';
    return {
      ...timing,
      kind: 'dns',
      name: document.name ?? null,
      type: document.type ?? 'A',
      server: document.server ?? null,
      transport: document.transport ?? 'udp',
      recursion: document.recursion ?? true,
      expect: {
        rcode,
        minAnswers: expect.minAnswers ?? (rcode === 'NOERROR' ? 1 : 0),
        answers: expect.answers ?? [],
        noAnswers: expect.noAnswers ?? [],
      },
    };
  },
  check(context, path, document, service) {
    for (const key of ['answers', 'noAnswers'] as const) {
      for (const [index, pattern] of (document.expect?.[key] ?? []).entries()) {
        checkPattern(context, [...path, 'expect', key, index], pattern);
      }
    }
    if (document.name === undefined && service.address.startsWith('dns:')) {
      context.report(
        [...path, 'kind'],
        'a question to a name server needs a name to ask for',
        'add name:, such as name: shop.example',
      );
    }
  },
};
