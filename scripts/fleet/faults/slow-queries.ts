import { answersQueries, type FaultDefinition, needsMetric } from './fault.ts';

/** Longer than any probe waits by default. */
const DELAY_MS = 10_000;

/** Database queries take long: of a datastore itself, and in the metrics that declare it. */
export const slowQueries: FaultDefinition = {
  refusal: (service, { kind }) => (answersQueries(service) ? null : needsMetric(service, kind)),
  apply: (effects, { delayMs = DELAY_MS }) => ({ ...effects, queryDelayMs: delayMs }),
};
