import type { MeaningRule } from '../meaning.ts';
import { checkAlerts } from './alerts.ts';
import { checkEndpoints } from './endpoints.ts';
import { checkEnvironments } from './environments.ts';
import { checkMetrics } from './metrics.ts';
import { checkProbes } from './probes.ts';
import { checkPromql } from './promql.ts';
import { checkRouting } from './routing.ts';
import { checkSecrets } from './secrets.ts';
import { checkUniqueness } from './uniqueness.ts';

/** Every rule on meaning; one file each. */
export const MEANING_RULES: readonly MeaningRule[] = [
  checkUniqueness,
  checkEndpoints,
  checkProbes,
  checkMetrics,
  checkPromql,
  checkAlerts,
  checkRouting,
  checkEnvironments,
  checkSecrets,
];
