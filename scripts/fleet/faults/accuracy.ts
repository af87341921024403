import { metricFault } from './fault.ts';

/** The model gets more wrong than it should. */
export const accuracy = metricFault('accuracy');
