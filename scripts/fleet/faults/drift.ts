import { metricFault } from './fault.ts';

/** What the model sees is not what it was trained on. */
export const drift = metricFault('drift');
