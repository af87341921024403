import type { ProbeDocumentOf } from '../../document/probe.ts';
import { checkPattern } from '../rules/patterns.ts';
import type { ProbeLoader } from './loader.ts';

type TurnDocument = NonNullable<ProbeDocumentOf<'tcp'>['dialogue']>[number];

export const tcpLoader: ProbeLoader<'tcp'> = {
  resolve: (document, timing) => ({
    ...timing,
    kind: 'tcp',
    dialogue: turnsOf(document).map(({ send, expectText }) => ({
      send: send ?? null,
      expectText: expectText ?? null,
    })),
    mustRefuse: document.mustRefuse ?? false,
  }),
  check(context, path, document) {
    checkPattern(context, [...path, 'expectText'], document.expectText);
    for (const [index, { expectText }] of (document.dialogue ?? []).entries()) {
      checkPattern(context, [...path, 'dialogue', index, 'expectText'], expectText);
    }
    for (const key of ['send', 'expectText', 'dialogue'] as const) {
      if (document[key] === undefined) continue;
      if (document.mustRefuse) {
        context.report([...path, key], 'nothing is sent or read where the port must refuse', 'remove it', {
          part: 'key',
        });
      } else if (document.dialogue !== undefined && key !== 'dialogue') {
        context.report([...path, key], `${key} beside dialogue is of no turn`, 'move it into a turn', { part: 'key' });
      }
    }
  },
};

function turnsOf(document: ProbeDocumentOf<'tcp'>): readonly TurnDocument[] {
  if (document.dialogue !== undefined) return document.dialogue;
  return document.send === undefined && document.expectText === undefined ? [] : [document];
}
