import type { FaultDefinition } from './fault.ts';

/** Scrapes are accepted and never answered; the service itself works. */
export const silentMetrics: FaultDefinition = {
  refusal: ({ scrape }) => (scrape === null ? 'the service exports no metrics' : null),
  apply: (effects) => ({ ...effects, scrape: 'mute' }),
};
