import type { ProbeKindName, Service, System } from '../../../thresholds/model.ts';
import { LABEL, PROBE_METRIC } from '../../../thresholds/names.ts';
import { formatPrometheusDuration } from '../../../thresholds/units.ts';
import { escapeRegExp, IDENTITY_LABELS, quote, selector } from '../../promql/text.ts';
import type { Guidance } from '../derived-alert.ts';
import type { Draft } from '../draft.ts';
import { BY_TARGET, type Probed, probedTargets, systemMatcher } from './targets.ts';

const DAY_MS = 24 * 3_600_000;
/** Time enough to order and deploy a new one at leisure, and time enough to do it in a hurry before users are turned away. */
const WARNING_MS = 14 * DAY_MS;
const CRITICAL_MS = 3 * DAY_MS;

/** Certificates that end soon; none for a system without encrypted services. */
export function certificateAlerts(system: System): Draft[] {
  const encrypted = probedTargets(system).filter(showsCertificate);
  if (encrypted.length === 0) return [];
  const expiry = selector(PROBE_METRIC.sslEarliestCertExpiry, [systemMatcher(system)]);
  const left = `min ${BY_TARGET} (${expiry}) - time()`;
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
    {
      ...common,
      name: 'CertificateExpiryAbsent',
      severity: 'warning',
      objective: 'metrics',
      expr: `max ${BY_TARGET} (${selector(PROBE_METRIC.success, ofTargets(system, encrypted))}) == 1\nunless on (${[...IDENTITY_LABELS, LABEL.target].join(', ')}) ${expiry}`,
      summary: 'Nobody knows when the certificate of {{ $labels.target }} expires',
      description:
        '{{ $labels.target }} is probed over an encrypted connection (success: {{ $value }}), and nothing tells when its certificate ends.',
      guidance: {
        meaning: 'A probe succeeds over an encrypted connection without reporting its certificate.',
        impact: 'The certificate can expire without a warning.',
        checks: [
          'Does the target show a certificate at all (`openssl s_client -connect HOST:PORT`)?',
          'Is the prober of the version that the rules were derived for?',
        ],
        fix: 'Update the prober, or mend the address of the service in the catalogue.',
      },
    },
  ];
}

/** Kinds that report the certificate of an encrypted connection. */
const REPORTING: readonly ProbeKindName[] = ['http', 'mcp', 'llm', 'websocket'];

function showsCertificate({ spec, service }: Probed): boolean {
  return spec.kind === 'tls' || (REPORTING.includes(spec.kind) && isEncrypted(service));
}

function ofTargets(system: System, targets: readonly Probed[]): string[] {
  const names = targets.map(({ target }) => escapeRegExp(target)).join('|');
  return [systemMatcher(system), `${LABEL.target}=~${quote(names)}`];
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
