import { metricFault } from './fault.ts';

/** The disk fills up. */
export const disk = metricFault('disk');
