import { IDENTITY_LABELS } from '../../promql/text.ts';
import { metricsRead } from '../absent/needed.ts';
import type { Draft } from '../draft.ts';
import { MINUTE_MS, ofStack } from './stack.ts';

/** Programs whose metrics alerts on monitoring itself read. */
const PROGRAMS = { prometheus: 'Prometheus', alertmanager: 'Alertmanager' } as const;
/** There only where something is written to an archive. */
const OPTIONAL = /^prometheus_remote_storage_/;

/** For each program of the stack the twin of the alerts on it: it answers, and shows not all that they read. */
export function stackMetricsAbsent(drafts: readonly Draft[]): Draft[] {
  const read = [...new Set(drafts.flatMap(({ expr }) => metricsRead(expr)))];
  return Object.entries(PROGRAMS).flatMap(([service, title]) => {
    const metrics = read.filter((name) => name.startsWith(`${service}_`) && !OPTIONAL.test(name));
    if (metrics.length === 0) return [];
    const missing = metrics.map(
      (name) => `${ofStack('up', service)} == 1 unless on (${IDENTITY_LABELS.join(', ')}) ${ofStack(name, service)}`,
    );
    return [
      {
        name: `${title}MetricsAbsent`,
        severity: 'warning',
        objective: 'monitoring-metrics',
        expr: missing.map((one) => `(${one})`).join('\nor\n'),
        forMs: 10 * MINUTE_MS,
        summary: `${title} does not show what alerts on it read`,
        description: `${title} answers (up is {{ $value }}), and at least one of the metrics that alerts on it read is not there.`,
        guidance: {
          meaning: `At least one of these is missing on the page of metrics of ${title}: ${metrics.join(', ')}.`,
          impact: 'The alert on monitoring itself that reads it cannot fire.',
          checks: [
            `Was ${title} updated to a version that names the metric differently?`,
            'Is a proxy or another program answering under its address?',
            'Do metric_relabel_configs drop it?',
          ],
          fix: 'Go back to a version that firedrill supports, or mend the rule for the new name.',
        },
      } as const,
    ];
  });
}
