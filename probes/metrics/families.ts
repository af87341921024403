import { PROBE_METRIC } from '../../thresholds/names.ts';
import { type Family, gauge, type SeriesDef } from './series.ts';

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

/** Whether a pattern did not match; for kinds that check one. */
export const failedDueToRegex = gauge(
  family(PROBE_METRIC.failedDueToRegex, 'Whether the body or a header did not match its pattern.'),
  ({ result }) => (result.reason === 'text' || result.reason === 'header' ? 1 : 0),
);

/** For kinds that see a certificate. A run that saw none does not change what is known of it. */
export const earliestCertificateExpiry = gauge(
  family(
    PROBE_METRIC.sslEarliestCertExpiry,
    'Unix time at which the first certificate of the chain expires; known even when it does not verify.',
  ),
  ({ result }) => result.facts.certificateExpirySeconds,
);

/** Seconds of the last judged run by phase; 0 for a phase that it did not come to. */
export function phaseGauges(of: Family, phases: readonly string[]): SeriesDef[] {
  return phases.map((phase) => gauge(of, ({ result }) => result.phases[phase] ?? 0, { phase }));
}
