import type { Service, System } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import { formatPrometheusDuration } from '../../../thresholds/units.ts';
import { selector } from '../../promql/text.ts';
import type { Guidance } from '../derived-alert.ts';
import type { Draft } from '../draft.ts';
import { BY_TARGET, systemMatcher, targetsOfKind } from './targets.ts';

const DAY_MS = 24 * 3_600_000;
/** Time enough to order and deploy a new one at leisure, and time enough to do it in a hurry before users are turned away. */
const WARNING_MS = 14 * DAY_MS;
const CRITICAL_MS = 3 * DAY_MS;

/** Certificates that end soon; none for a system without encrypted services. */
export function certificateAlerts(system: System): Draft[] {
  const encrypted = system.services.some(isEncrypted) || targetsOfKind(system, 'tls').length > 0;
  if (!encrypted) return [];
  const left = `min ${BY_TARGET} (${selector(PROBE_METRIC.sslEarliestCertExpiry, [systemMatcher(system)])}) - time()`;
  const common = {
    objective: 'certificate',
    forMs: 10 * 60_000,
    shownOn: { dashboard: 'Probes', panel: 'Certificates' },
  };
  const within = (ms: number) => `${left} < ${ms / 1_000}`;
  return [
    {
      ...common,
      name: 'CertificateExpiring',
      severity: 'warning',
      expr: within(WARNING_MS),
      summary: 'The certificate of {{ $labels.target }} expires in {{ $value | humanizeDuration }}',
      description: `A certificate of {{ $labels.target }} is valid for {{ $value | humanizeDuration }} more; ${WARNING_MS / DAY_MS} days are the limit.`,
      guidance: guidance(WARNING_MS, 'Nobody notices yet. Renewal should have happened by now.'),
    },
    {
      ...common,
      name: 'CertificateExpiresVerySoon',
      severity: 'critical',
      expr: within(CRITICAL_MS),
      summary: 'The certificate of {{ $labels.target }} expires in {{ $value | humanizeDuration }}',
      description: `A certificate of {{ $labels.target }} is valid for {{ $value | humanizeDuration }} more (negative: it has expired); ${CRITICAL_MS / DAY_MS} days are the limit.`,
      guidance: guidance(
        CRITICAL_MS,
        'When it expires every client refuses the connection: the service is down for all.',
      ),
      consequences: ['CertificateExpiring', 'ProbeFailing'],
    },
  ];
}

function guidance(limitMs: number, impact: string): Guidance {
  return {
    meaning: `The first certificate of the chain that a service shows ends within ${formatPrometheusDuration(limitMs)}, or has ended.`,
    impact,
    checks: [
      'Is it the certificate of the service or one of the chain? `openssl s_client -connect HOST:PORT -showcerts`.',
      'What does the log of the automatic renewal say last (cert-manager, certbot, the load balancer)?',
      'Was a new certificate issued, and the service not reloaded?',
    ],
    fix: 'Renew the certificate and reload whatever shows it. If renewal is automatic, mend it: it will be needed again.',
  };
}

function isEncrypted({ address }: Service): boolean {
  return address.kind === 'fleet' ? address.tls : address.url.startsWith('https:');
}
