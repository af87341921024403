import { metricFault } from './fault.ts';

/** Every connection of the database pool is taken. */
export const exhaustedPool = metricFault('exhausted-pool');
