import type { PrometheusProbeSpec } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { earliestCertificateExpiry } from '../../metrics/families.ts';
import { type Family, gauge, type SeriesDef } from '../../metrics/series.ts';
import { variantOf } from '../../metrics/variant.ts';
import type { ProbeTarget } from '../../target.ts';

/** Phases of a run, in their order. `other` is what none of them explains. */
const PHASE_NAMES = ['resolve', 'connect', 'tls', 'processing', 'transfer', 'other'] as const;

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

const PHASES = family(PROBE_METRIC.prometheusDurationSeconds, 'Seconds by phase.');
const WARNINGS = family(PROBE_METRIC.prometheusWarnings, 'Warnings of the server in its last answer.');
const SERIES = family(PROBE_METRIC.prometheusSeries, 'Series in the last answer.');
const VALUE = family(PROBE_METRIC.prometheusValue, 'Value that comes nearest to breaking the condition, or breaks it.');
const TARGETS = family(PROBE_METRIC.prometheusTargets, 'Targets of the server by state.');
const RULES = family(PROBE_METRIC.prometheusRules, 'Rules of the server by health.');

/** The series of a prometheus target. */
export function prometheusLayout({ spec, url }: Pick<ProbeTarget<PrometheusProbeSpec>, 'spec' | 'url'>): KindLayout {
  const tls = url.startsWith('https:');
  const { what } = spec.check;
  return {
    variant: `+${what}${variantOf({ tls })}`,
    failures: [
      ...['refused', 'timeout', 'dns', ...(tls ? ['tls'] : []), 'auth', 'status', 'query', 'state', 'content'],
      'protocol',
    ],
    series: () => [
      ...PHASE_NAMES.map((phase) => gauge(PHASES, ({ result }) => result.phases[phase] ?? 0, { phase })),
      gauge(WARNINGS, ({ result }) => result.facts.prometheus?.warnings.length ?? 0),
      ...CHECK_SERIES[what](),
      ...(tls ? [earliestCertificateExpiry] : []),
    ],
  };
}

const CHECK_SERIES: Readonly<Record<PrometheusProbeSpec['check']['what'], () => SeriesDef[]>> = {
  query: () => [
    gauge(SERIES, ({ result }) => result.facts.prometheus?.series ?? 0),
    // Without a value the last one stays: 0 would be one.
    gauge(VALUE, ({ result }) => result.facts.prometheus?.value),
  ],
  targets: () =>
    (['up', 'down', 'unknown'] as const).map((state) =>
      gauge(TARGETS, ({ result }) => result.facts.prometheus?.targets?.[state] ?? 0, { scrape_state: state }),
    ),
  rules: () =>
    (['ok', 'err', 'unknown'] as const).map((health) =>
      gauge(RULES, ({ result }) => result.facts.prometheus?.rules?.[health] ?? 0, { health }),
    ),
};
