import { type FaultDefinition, needsAnswers } from './fault.ts';

/** Every answer takes longer. */
export const slow: FaultDefinition = {
  refusal: (service, { delayMs }) =>
    needsAnswers(service) ?? (delayMs !== undefined && delayMs > 0 ? null : 'it needs a delay above 0'),
  apply: (effects, { delayMs = 0 }) => ({ ...effects, delayMs: effects.delayMs + delayMs }),
};
