import { metricFault } from './fault.ts';

/** The processors are busy. */
export const cpu = metricFault('cpu');
