import type { HttpProbeSpec } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { earliestCertificateExpiry, failedDueToRegex } from '../../metrics/families.ts';
import { type Family, gauge } from '../../metrics/series.ts';
import { variantOf } from '../../metrics/variant.ts';
import type { ProbeTarget } from '../../target.ts';

/** Phases of an http run, in their order; summed over redirects. `other` is what none of them explains. */
export const HTTP_PHASES = ['resolve', 'connect', 'tls', 'processing', 'transfer', 'other'] as const;

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

const PHASES = family(PROBE_METRIC.httpDurationSeconds, 'Seconds by phase, summed over redirects.');
const STATUS = family(PROBE_METRIC.httpStatusCode, 'Status of the last answer; 0 without one.');
const VERSION = family(PROBE_METRIC.httpVersion, 'HTTP version of the last answer; 0 without one.');
const SSL = family(PROBE_METRIC.httpSsl, 'Whether the last hop was encrypted.');
const LENGTH = family(PROBE_METRIC.httpContentLength, 'Content-Length of the last answer; -1 without one.');
const REDIRECTS = family(PROBE_METRIC.httpRedirects, 'Redirects followed.');

/** The series of an http target. */
export function httpLayout({ spec, url }: Pick<ProbeTarget<HttpProbeSpec>, 'spec' | 'url'>): KindLayout {
  const tls = url.startsWith('https:');
  const pattern = spec.expect.text !== null || Object.keys(spec.expect.headers).length > 0;
  return {
    variant: variantOf({ pattern, tls }),
    failures: ['refused', 'timeout', 'dns', ...(tls ? ['tls'] : []), 'status', 'content', 'protocol'],
    series: () => [
      ...HTTP_PHASES.map((phase) => gauge(PHASES, ({ result }) => result.phases[phase] ?? 0, { phase })),
      gauge(STATUS, ({ result }) => result.facts.status ?? 0),
      gauge(VERSION, ({ result }) => result.facts.httpVersion ?? 0),
      gauge(SSL, ({ result }) => (result.facts.tls ? 1 : 0)),
      gauge(LENGTH, ({ result }) => result.facts.contentLength ?? -1),
      gauge(REDIRECTS, ({ result }) => result.facts.redirects ?? 0),
      ...(pattern ? [failedDueToRegex] : []),
      ...(tls ? [earliestCertificateExpiry] : []),
    ],
  };
}
