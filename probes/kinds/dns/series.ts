import type { DnsProbeSpec } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { failedDueToRegex, phaseGauges } from '../../metrics/families.ts';
import { type Family, gauge } from '../../metrics/series.ts';
import { variantOf } from '../../metrics/variant.ts';
import type { ProbeTarget } from '../../target.ts';

/** Phases of a dns run, in their order. `other` is what none of them explains. */
const DNS_PHASES = ['resolve', 'connect', 'request', 'other'] as const;

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

const PHASES = family(PROBE_METRIC.dnsDurationSeconds, 'Seconds by phase; resolve is the name of the server itself.');
const ANSWERS = family(PROBE_METRIC.dnsAnswerRrs, 'Records in the answer section.');
const AUTHORITY = family(PROBE_METRIC.dnsAuthorityRrs, 'Records in the authority section.');
const ADDITIONAL = family(PROBE_METRIC.dnsAdditionalRrs, 'Records in the additional section.');
const SUCCEEDED = family(PROBE_METRIC.dnsQuerySucceeded, 'Whether the server answered at all.');
const SERIAL = family(PROBE_METRIC.dnsSerial, 'Serial number of the zone.');

/** The series of a dns target. */
export function dnsLayout({ spec }: Pick<ProbeTarget<DnsProbeSpec>, 'spec'>): KindLayout {
  const pattern = spec.expect.answers.length + spec.expect.noAnswers.length > 0;
  const serial = spec.type === 'SOA';
  return {
    variant: variantOf({ pattern, serial }),
    failures: ['refused', 'timeout', 'dns', 'status', 'content', 'protocol'],
    series: () => [
      ...phaseGauges(PHASES, DNS_PHASES),
      gauge(ANSWERS, ({ result }) => result.facts.dns?.answers ?? 0),
      gauge(AUTHORITY, ({ result }) => result.facts.dns?.authorities ?? 0),
      gauge(ADDITIONAL, ({ result }) => result.facts.dns?.additionals ?? 0),
      gauge(SUCCEEDED, ({ result }) => (result.facts.dns === undefined ? 0 : 1)),
      ...(serial ? [gauge(SERIAL, ({ result }) => result.facts.dns?.serial)] : []),
      ...(pattern ? [failedDueToRegex] : []),
    ],
  };
}

/** What a dns run saw. */
export interface DnsFacts {
  /** Records by section. */
  answers: number;
  authorities: number;
  additionals: number;
  /** Serial number of the zone, when its SOA was asked for and answered. */
  serial?: number;
}
