import type { PostgresProbeSpec } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { earliestCertificateExpiry, failedDueToRegex, phaseGauges } from '../../metrics/families.ts';
import { type Family, gauge } from '../../metrics/series.ts';
import { variantOf } from '../../metrics/variant.ts';
import type { ProbeTarget } from '../../target.ts';

/** Phases of a postgres run, in their order. `other` is what none of them explains. */
const POSTGRES_PHASES = ['resolve', 'connect', 'tls', 'authenticate', 'query', 'other'] as const;

const PHASES: Family = { name: PROBE_METRIC.postgresDurationSeconds, type: 'gauge', help: 'Seconds by phase.' };
const ROWS: Family = {
  name: PROBE_METRIC.postgresRows,
  type: 'gauge',
  help: 'Rows of the last answer; 0 without one.',
};

/** The series of a postgres target. */
export function postgresLayout({ spec }: Pick<ProbeTarget<PostgresProbeSpec>, 'spec'>): KindLayout {
  const tls = spec.sslmode !== 'disable';
  const pattern = spec.expectValue !== null;
  return {
    variant: variantOf({ pattern, tls }),
    failures: [
      'refused',
      'timeout',
      'dns',
      ...(tls ? ['tls'] : []),
      'auth',
      'saturated',
      'state',
      'query',
      'content',
      'protocol',
    ],
    series: () => [
      ...phaseGauges(PHASES, POSTGRES_PHASES),
      gauge(ROWS, ({ result }) => result.facts.rows ?? 0),
      ...(pattern ? [failedDueToRegex] : []),
      ...(tls ? [earliestCertificateExpiry] : []),
    ],
  };
}
