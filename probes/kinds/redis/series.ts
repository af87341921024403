import type { RedisProbeSpec } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { earliestCertificateExpiry, failedDueToRegex, phaseGauges } from '../../metrics/families.ts';
import type { Family } from '../../metrics/series.ts';
import { variantOf } from '../../metrics/variant.ts';
import type { ProbeTarget } from '../../target.ts';

/** Phases of a redis run, in their order. `other` is what none of them explains. */
const REDIS_PHASES = ['resolve', 'connect', 'tls', 'authenticate', 'command', 'info', 'other'] as const;

const PHASES: Family = { name: PROBE_METRIC.redisDurationSeconds, type: 'gauge', help: 'Seconds by phase.' };

/** The series of a redis target. */
export function redisLayout({ spec, url }: Pick<ProbeTarget<RedisProbeSpec>, 'spec' | 'url'>): KindLayout {
  const tls = url.startsWith('rediss:');
  const pattern = spec.expect !== null;
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
      ...phaseGauges(PHASES, REDIS_PHASES),
      ...(pattern ? [failedDueToRegex] : []),
      ...(tls ? [earliestCertificateExpiry] : []),
    ],
  };
}
