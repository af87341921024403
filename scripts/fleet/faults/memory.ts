import { metricFault } from './fault.ts';

/** Memory runs out. */
export const memory = metricFault('memory');
