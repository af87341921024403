import { type FaultDefinition, needsMetric, onlyKinds } from './fault.ts';

/** The model is not in memory: its metrics say so, and every endpoint answers with status 503 at once. */
export const unloadedModel: FaultDefinition = {
  refusal: (service) => onlyKinds(service, 'http', 'mcp') ?? needsMetric(service, 'unloaded-model'),
  apply: (effects) => ({ ...effects, failing: { share: 1, status: 503, fast: true } }),
};
