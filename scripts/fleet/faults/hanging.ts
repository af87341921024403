import { type FaultDefinition, needsAnswers } from './fault.ts';

/** Connections are accepted and never answered. */
export const hanging: FaultDefinition = {
  refusal: needsAnswers,
  apply: (effects) => ({ ...effects, reach: 'mute' }),
};
