import { metricFault } from './fault.ts';

/** The cache is empty: look-ups miss. */
export const coldCache = metricFault('cold-cache');
