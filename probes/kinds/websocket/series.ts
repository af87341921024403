import type { WebsocketProbeSpec } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { earliestCertificateExpiry, phaseGauges } from '../../metrics/families.ts';
import { type Family, gauge } from '../../metrics/series.ts';
import { certificateVerified } from '../../metrics/tls.ts';
import { variantOf } from '../../metrics/variant.ts';
import type { ProbeTarget } from '../../target.ts';

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

const PHASES = family(
  PROBE_METRIC.websocketDurationSeconds,
  'Seconds by phase: processing until the upgrade, transfer for the messages.',
);
const STATUS = family(PROBE_METRIC.websocketStatusCode, 'Status of the answer to the upgrade request; 0 without one.');
const UPGRADED = family(PROBE_METRIC.websocketConnectionUpgraded, 'Whether the connection became a WebSocket.');
const REGEX = family(PROBE_METRIC.websocketFailedDueToRegex, 'Whether no message matched the pattern.');

/** The series of a websocket target. */
export function websocketLayout({ spec, url }: Pick<ProbeTarget<WebsocketProbeSpec>, 'spec' | 'url'>): KindLayout {
  const tls = isEncrypted(new URL(url));
  const pattern = spec.expectText !== null;
  return {
    variant: variantOf({ pattern, tls }),
    failures: ['refused', 'timeout', 'dns', ...(tls ? ['tls'] : []), 'status', 'protocol', 'content'],
    series: () => [
      ...phaseGauges(PHASES, ['resolve', 'connect', 'tls', 'processing', 'transfer', 'other']),
      gauge(STATUS, ({ result }) => result.facts.status ?? 0),
      gauge(UPGRADED, ({ result }) => (result.facts.upgraded ? 1 : 0)),
      ...(pattern ? [gauge(REGEX, ({ result }) => (result.reason === 'text' ? 1 : 0))] : []),
      ...(tls ? [earliestCertificateExpiry, certificateVerified] : []),
    ],
  };
}

/** Whether an address asks for TLS. */
export function isEncrypted({ protocol }: URL): boolean {
  return protocol === 'wss:' || protocol === 'https:';
}
