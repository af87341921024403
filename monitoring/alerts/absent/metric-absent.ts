import type { Metric, Service, System } from '../../../thresholds/model.ts';
import { LABEL } from '../../../thresholds/names.ts';
import { formatPrometheusDuration } from '../../../thresholds/units.ts';
import { IDENTITY_LABELS, quote, selector } from '../../promql/text.ts';
import { servicesMatchers } from '../burn/promise.ts';
import type { DerivedAlert } from '../derived-alert.ts';
import { draftAlert, systemOwner } from '../draft.ts';
import type { Needed } from './needed.ts';

/** Scraped at least twice in this time, at any interval that anybody uses. */
const FOR_MS = 10 * 60_000;
/** A metric that only comes with its events is missed if it was there so long ago. */
const REMEMBERED_MS = 24 * 3_600_000;
/** After a restart it may take so long for the first event. */
const EVENT_FOR_MS = 3_600_000;
const ON = `on (${IDENTITY_LABELS.join(', ')})`;

/**
 * The twin of the alerts that read a metric: its service answers Prometheus, and the metric is not there. Every service keeps its labels.
 * Null for counters of errors, which are born with the first error: their absence is health.
 */
export function metricAbsent(system: System, { metric, services }: Needed): DerivedAlert | null {
  if (/error|fail|exception/.test(metric.name)) return null;
  const up = `${selector(
    'up',
    servicesMatchers(
      system,
      services.map(({ id }) => id),
    ),
  )} == 1`;
  const series = selector(seriesName(metric), [`${LABEL.system}=${quote(system.id)}`]);
  const remembered = formatPrometheusDuration(REMEMBERED_MS);
  const comes = comesWithEvents(metric);
  return draftAlert(systemOwner(system), {
    name: `${camelCase(metric.name)}Absent`,
    severity: 'warning',
    objective: 'metrics',
    expr: [up, ...(comes ? [`and ${ON} ${series} offset ${remembered}`] : []), `unless ${ON} ${series}`].join('\n'),
    forMs: comes ? EVENT_FOR_MS : FOR_MS,
    summary: `{{ $labels.system }}/{{ $labels.service }} no longer exports ${metric.name}`,
    description:
      `Prometheus reads {{ $labels.service }} (up is {{ $value }}), and ${metric.name} is not among its metrics. Alerts on it cannot fire, ` +
      'and dashboards show nothing.',
    guidance: {
      meaning:
        `A service of ${system.title} answers Prometheus without ${metric.name}${metric.help === '' ? '' : ` (${withoutDot(metric.help)})`}, which alerts need.` +
        (comes ? ` It only comes with its events; it was there ${remembered} ago.` : ''),
      impact: 'What the metric would show is unknown, not well: the alerts that read it are blind.',
      checks: [
        `Does the page of metrics of the service still hold ${metric.name}, perhaps under another name?`,
        'Was the service just deployed, or a library of metrics updated?',
        ...(comes
          ? ['Was the service restarted and nobody has used that function since? Then it comes back by itself.']
          : []),
        'Do metric_relabel_configs drop it?',
      ],
      fix: 'Export the metric again. If it was renamed on purpose, write the new name into the catalogue and derive the files anew.',
    },
  });
}

/** The series that is there as soon as the metric is. */
function seriesName({ name, type }: Metric): string {
  return type === 'histogram' ? `${name}_count` : name;
}

/** Labelled counters and histograms of events that a service may not have had yet, and that looks at its health do not cause. */
function comesWithEvents({ type, labels, sim }: Metric): boolean {
  if (type === 'gauge' || Object.keys(labels).length === 0) return false;
  return sim === null || (sim.kind === 'requests' && sim.on !== 'requests');
}

function camelCase(name: string): string {
  return name
    .split(/[_:]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function withoutDot(text: string): string {
  return text.replace(/\.$/, '');
}

/** The services of a system that Prometheus scrapes. */
export function scraped({ services }: System): Service[] {
  return services.filter(({ scrape }) => scrape !== null);
}
