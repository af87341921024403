import type { FaultDefinition } from './fault.ts';

/** Nobody listens: connections are refused. */
export const down: FaultDefinition = {
  refusal: () => null,
  apply: (effects) => ({ ...effects, reach: 'closed' }),
};
