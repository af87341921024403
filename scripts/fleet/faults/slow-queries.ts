import { metricFault } from './fault.ts';

/** Database queries take long. */
export const slowQueries = metricFault('slow-queries');
