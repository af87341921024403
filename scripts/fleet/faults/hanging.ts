import type { FaultDefinition } from './fault.ts';

/** Connections are accepted and never answered. */
export const hanging: FaultDefinition = {
  refusal: () => null,
  apply: (effects) => ({ ...effects, reach: 'mute' }),
};
