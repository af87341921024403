import type { FaultDefinition } from './fault.ts';

/** Scrapes are answered, but the named metrics (or all) are missing. */
export const vanishedMetrics: FaultDefinition = {
  refusal({ scrape, metrics: declared }, { metrics }) {
    if (scrape === null) return 'the service exports no metrics';
    const unknown = metrics?.find((name) => declared.every((metric) => metric.name !== name));
    return unknown === undefined ? null : `the service has no metric ${unknown}`;
  },
  apply(effects, { metrics }) {
    const { hiddenMetrics } = effects;
    if (hiddenMetrics === 'all' || metrics === undefined) return { ...effects, hiddenMetrics: 'all' };
    return { ...effects, hiddenMetrics: new Set([...(hiddenMetrics === 'none' ? [] : hiddenMetrics), ...metrics]) };
  },
};
