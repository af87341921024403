import { type FaultDefinition, onlyKinds, shareOf } from './fault.ts';

/** A share of the requests is answered with status 500, after the usual latency. */
export const errors: FaultDefinition = {
  refusal: (service) => onlyKinds(service, 'http', 'llm', 'mcp', 'exporter'),
  apply: (effects, fault) => ({ ...effects, failing: { share: shareOf(fault), status: 500, fast: false } }),
};
