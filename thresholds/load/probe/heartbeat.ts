import { parseDurationMs } from '../../units.ts';
import type { ProbeLoader } from './loader.ts';

export const heartbeatLoader: ProbeLoader<'heartbeat'> = {
  resolve: (document, timing) => ({
    ...timing,
    kind: 'heartbeat',
    withinMs: parseDurationMs(document.within),
    graceMs: document.grace === undefined ? 0 : parseDurationMs(document.grace),
    finishWithinMs: document.finishWithin === undefined ? null : parseDurationMs(document.finishWithin),
    token: document.token,
  }),
  check() {},
};
