import type { FaultDefinition } from './fault.ts';

/** Connections are accepted and reset at once. */
export const refusing: FaultDefinition = {
  refusal: () => null,
  apply: (effects) => ({ ...effects, reach: 'resetting' }),
};
