import { type FaultDefinition, onlyKinds } from './fault.ts';

/** A provider ends its answer half-way, without the mark of an end. */
export const truncatedStream: FaultDefinition = {
  refusal: (service) => onlyKinds(service, 'llm'),
  apply: (effects) => ({ ...effects, stream: 'truncated' }),
};
