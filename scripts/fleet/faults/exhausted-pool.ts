import { answersQueries, type FaultDefinition, needsMetric } from './fault.ts';

/** Every connection of the database pool is taken: a datastore itself refuses further ones, and metrics that declare it move. */
export const exhaustedPool: FaultDefinition = {
  refusal: (service, { kind }) => (answersQueries(service) ? null : needsMetric(service, kind)),
  apply: (effects) => ({ ...effects, saturated: true }),
};
