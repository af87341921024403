import { type FaultDefinition, onlyKinds, shareOf } from './fault.ts';

/** A provider is overloaded: a share of the completions fails at once with status 503. */
export const providerErrors: FaultDefinition = {
  refusal: (service) => onlyKinds(service, 'llm'),
  apply: (effects, fault) => ({ ...effects, failing: { share: shareOf(fault), status: 503, fast: true } }),
};
