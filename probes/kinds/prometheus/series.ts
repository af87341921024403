import type { PrometheusProbeSpec } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { earliestCertificateExpiry, phaseGauges } from '../../metrics/families.ts';
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
      ...phaseGauges(PHASES, PHASE_NAMES),
      ...CHECK_SERIES[what](),
      ...(tls ? [earliestCertificateExpiry] : []),
    ],
  };
}

const CHECK_SERIES: Readonly<Record<PrometheusProbeSpec['check']['what'], () => SeriesDef[]>> = {
  query: () => [
    gauge(WARNINGS, ({ result }) => result.facts.prometheus?.warnings.length ?? 0),
    gauge(SERIES, ({ result }) => result.facts.prometheus?.series ?? 0),
    // Without a value the last one stays: 0 would be one.
    gauge(VALUE, ({ result }) => result.facts.prometheus?.value),
  ],
  targets: () => [
    gauge(TARGETS, ({ result }) => result.facts.prometheus?.targets?.up ?? 0, { scrape_state: 'up' }),
    gauge(TARGETS, ({ result }) => notUp(result.facts.prometheus?.targets), { scrape_state: 'down' }),
  ],
  rules: () => [
    gauge(RULES, ({ result }) => result.facts.prometheus?.rules?.ok ?? 0, { health: 'ok' }),
    gauge(RULES, ({ result }) => result.facts.prometheus?.rules?.err ?? 0, { health: 'err' }),
  ],
};

/** Targets that are down, or were not scraped yet. */
function notUp({ down, unknown } = { down: 0, unknown: 0 }): number {
  return down + unknown;
}
