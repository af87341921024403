import type { Catalogue, Service, System } from '../../../thresholds/model.ts';
import { LABEL, PROBE_METRIC } from '../../../thresholds/names.ts';
import { quote, selector } from '../../promql/text.ts';
import type { DerivedAlert } from '../derived-alert.ts';
import { draftAlert, systemOwner } from '../draft.ts';

/** Scrapes and pushes come far more often than twice in this time. */
const FOR_MS = 10 * 60_000;

/**
 * A service of the catalogue of which Prometheus has no `up`: it was never given the target, or lost it. `absent` takes the labels of the
 * alert from its matchers, so each service is named.
 */
export function targetMissing(system: System, services: readonly Service[], { environment }: Catalogue): DerivedAlert {
  return draftAlert(systemOwner(system), {
    name: 'TargetMissing',
    severity: 'warning',
    objective: 'metrics',
    expr: absentOf('up', services, environment),
    forMs: FOR_MS,
    summary: 'Prometheus has no target {{ $labels.system }}/{{ $labels.service }}',
    description:
      'The catalogue says that Prometheus scrapes {{ $labels.service }}, and it does not even try. ServiceDown cannot fire for a target that is not there.',
    guidance: {
      meaning: `A scraped service of ${system.title} is in the catalogue and not among the targets of Prometheus.`,
      impact: 'Nothing that the service exports is seen, and no alert on it can fire.',
      checks: [
        'Page /targets of Prometheus: is the service there under other labels?',
        'Is targets.yml as derived (`firedrill generate --check`), and does Prometheus read that file?',
        'Do relabel_configs drop the target?',
      ],
      fix: 'Derive the files anew and bring them to Prometheus. A service that no longer exists is taken out of the catalogue.',
    },
    shownOn: { dashboard: 'SLA and Error Budgets', panel: 'Reached by Prometheus' },
  });
}

/** A service of which no prober tells anything. */
export function probeResultsAbsent(system: System, { environment }: Catalogue): DerivedAlert {
  return draftAlert(systemOwner(system), {
    name: 'ProbeResultsAbsent',
    severity: 'warning',
    objective: 'metrics',
    expr: absentOf(PROBE_METRIC.resultsTotal, system.services, environment),
    forMs: FOR_MS,
    summary: 'Nothing is heard of the probe of {{ $labels.system }}/{{ $labels.service }}',
    description:
      'No prober reports any run for {{ $labels.service }}, good, bad or unknown. Alerts on its probes cannot fire.',
    guidance: {
      meaning: `Every service of ${system.title} is to be probed, and of one there is no result at all.`,
      impact: 'An outage of that service may stay unseen.',
      checks: [
        'Is ProberSilent firing too? Then start there.',
        'Does the prober list the target on its status page? Its log says why a target could not be set up.',
        'Do the shards of several probers cover all targets (--shard 0/2 and 1/2)?',
      ],
      fix: 'Mend the address or the credentials that the log of the prober names, and reload it.',
    },
    shownOn: { dashboard: 'Probes', panel: 'Targets' },
  });
}

function absentOf(metric: string, services: readonly Service[], environment: string): string {
  return services
    .map(({ system, id }) => {
      const own = [`${LABEL.system}=${quote(system)}`, `${LABEL.service}=${quote(id)}`];
      return `absent(${selector(metric, [...own, `${LABEL.environment}=${quote(environment)}`])})`;
    })
    .join('\nor ');
}
