import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { earliestCertificateExpiry, phaseGauges } from '../../metrics/families.ts';
import { type Family, gauge } from '../../metrics/series.ts';
import { variantOf } from '../../metrics/variant.ts';
import type { ProbeTarget } from '../../target.ts';
import { isEncrypted } from './address.ts';

/** Phases of a grpc run, in their order. `other` is what none of them explains. */
const GRPC_PHASES = ['resolve', 'connect', 'tls', 'check', 'other'] as const;

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

const PHASES = family(PROBE_METRIC.grpcDurationSeconds, 'Seconds by phase.');
const STATUS = family(PROBE_METRIC.grpcStatusCode, 'Status of the call, 0 for OK; -1 without one.');
const SSL = family(PROBE_METRIC.grpcSsl, 'Whether the connection was encrypted.');
const SERVING = family(
  PROBE_METRIC.grpcHealthcheckResponse,
  'Status that the server gave the service; UNKNOWN when it gave none.',
);

/** The series of a grpc target. */
export function grpcLayout({ url }: Pick<ProbeTarget, 'url'>): KindLayout {
  const tls = isEncrypted(new URL(url));
  return {
    variant: variantOf({ tls }),
    failures: [
      'refused',
      'timeout',
      'dns',
      ...(tls ? ['tls'] : []),
      'auth',
      'saturated',
      'state',
      'status',
      'protocol',
    ],
    series: () => [
      ...phaseGauges(PHASES, GRPC_PHASES),
      gauge(STATUS, ({ result }) => result.facts.grpc?.status ?? -1),
      gauge(SSL, ({ result }) => (result.facts.tls ? 1 : 0)),
      ...(tls ? [earliestCertificateExpiry] : []),
    ],
    // The name of its label sorts behind that of the target's own, which only info series may.
    infos: () => [
      {
        family: SERVING,
        labels: ['serving_status'],
        read: ({ result }) => [result.facts.grpc?.serving ?? 'UNKNOWN'],
      },
    ],
  };
}
