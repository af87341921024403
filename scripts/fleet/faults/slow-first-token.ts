import { type FaultDefinition, onlyKinds } from './fault.ts';

/** A provider takes longer until its first token; the tokens then come as usual. */
export const slowFirstToken: FaultDefinition = {
  refusal: (service, { delayMs }) =>
    onlyKinds(service, 'llm') ?? (delayMs !== undefined && delayMs > 0 ? null : 'it needs a delay above 0'),
  apply: (effects, { delayMs = 0 }) => ({ ...effects, firstTokenDelayMs: effects.firstTokenDelayMs + delayMs }),
};
