import type { TlsProbeSpec } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { earliestCertificateExpiry, phaseGauges } from '../../metrics/families.ts';
import type { Family } from '../../metrics/series.ts';
import { certificateVerified, chainExpiry, chainInfo, tlsCipherInfo, tlsVersionInfo } from '../../metrics/tls.ts';
import { variantOf } from '../../metrics/variant.ts';
import type { ProbeTarget } from '../../target.ts';

const PHASES: Family = {
  name: PROBE_METRIC.tlsDurationSeconds,
  type: 'gauge',
  help: 'Seconds by phase; tls includes what asks for it.',
};

/** The series of a tls target. */
export function tlsLayout({ spec }: Pick<ProbeTarget<TlsProbeSpec>, 'spec'>): KindLayout {
  const describe = spec.exports.includes('certificate');
  return {
    variant: variantOf({ certificate: describe }),
    failures: ['refused', 'timeout', 'dns', 'tls', 'protocol'],
    series: () => [
      ...phaseGauges(PHASES, ['resolve', 'connect', 'tls', 'other']),
      earliestCertificateExpiry,
      certificateVerified,
      chainExpiry,
    ],
    infos: () => [tlsVersionInfo, tlsCipherInfo, ...(describe ? [chainInfo] : [])],
  };
}
