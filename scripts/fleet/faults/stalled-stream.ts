import { type FaultDefinition, onlyKinds } from './fault.ts';

/** A provider starts to answer and then sends nothing more, on an open connection. */
export const stalledStream: FaultDefinition = {
  refusal: (service) => onlyKinds(service, 'llm'),
  apply: (effects) => ({ ...effects, stream: 'stalled' }),
};
