import type { HttpProbeSpec } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { addressHash } from '../../metrics/address.ts';
import { earliestCertificateExpiry, failedDueToRegex, phaseGauges } from '../../metrics/families.ts';
import { phaseHistogram } from '../../metrics/phase-histogram.ts';
import { type Family, gauge } from '../../metrics/series.ts';
import { certificateVerified, chainExpiry, chainInfo, tlsCipherInfo, tlsVersionInfo } from '../../metrics/tls.ts';
import { variantOf } from '../../metrics/variant.ts';
import type { ProbeTarget } from '../../target.ts';

/** Phases of an http run, in their order; summed over steps and redirects. `other` is what none of them explains. */
export const HTTP_PHASES = ['resolve', 'connect', 'tls', 'processing', 'transfer', 'other'] as const;

export type HttpPhase = (typeof HTTP_PHASES)[number];

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

const PHASES = family(PROBE_METRIC.httpDurationSeconds, 'Seconds by phase, summed over redirects.');
const STATUS = family(PROBE_METRIC.httpStatusCode, 'Status of the last answer; 0 without one.');
const VERSION = family(PROBE_METRIC.httpVersion, 'HTTP version of the last answer; 0 without one.');
const SSL = family(PROBE_METRIC.httpSsl, 'Whether the last hop was encrypted.');
const STEPS = family(PROBE_METRIC.httpStepsCompleted, 'Steps that came out as expected.');
const LENGTH = family(PROBE_METRIC.httpContentLength, 'Content-Length of the last answer; -1 without one.');
const UNCOMPRESSED = family(PROBE_METRIC.httpUncompressedBodyLength, 'Bytes of the last body, decoded.');
const MODIFIED = family(PROBE_METRIC.httpLastModifiedTimestampSeconds, 'Unix time of the last Last-Modified.');
const REDIRECTS = family(PROBE_METRIC.httpRedirects, 'Redirects followed.');
const ALL_PHASES: Family = {
  name: PROBE_METRIC.httpAllDurationSeconds,
  type: 'histogram',
  help: 'Seconds by phase, of the judged runs that count.',
};

/**
 * The series of an http target. The usual ones fit into forty whatever the catalogue asks to be checked; what `export` names comes on
 * top: figures that dashboards seldom ask for (`answer`, `address`, `tls`), text that a peer chooses (`certificate`), and what multiplies
 * (`phase-histograms`).
 */
export function httpLayout({ spec, url }: Pick<ProbeTarget<HttpProbeSpec>, 'spec' | 'url'>): KindLayout {
  const tls = url.startsWith('https:');
  const { mustRefuse } = spec;
  const steps = spec.steps.length > 1;
  const asked = new Set(spec.exports);
  // Several steps have their count instead: a label-less figure of which pattern failed would say little of them.
  const pattern = !steps && spec.steps.some(({ expect }) => checksPattern(expect));
  return {
    variant: variantOf({
      refuse: mustRefuse,
      steps,
      pattern,
      tls,
      ...Object.fromEntries([...asked].sort().map((name) => [name, true])),
    }),
    failures: mustRefuse
      ? ['accepted', 'refused', 'timeout', 'dns', 'protocol']
      : ['refused', 'timeout', 'dns', ...(tls ? ['tls'] : []), 'status', 'content', 'protocol'],
    series: () => [
      ...phaseGauges(PHASES, HTTP_PHASES),
      gauge(STATUS, ({ result }) => result.facts.status ?? 0),
      gauge(VERSION, ({ result }) => result.facts.httpVersion ?? 0),
      gauge(SSL, ({ result }) => (result.facts.tls ? 1 : 0)),
      ...(steps ? [gauge(STEPS, ({ result }) => result.facts.stepsCompleted ?? 0)] : []),
      ...(pattern ? [failedDueToRegex] : []),
      ...(tls ? [earliestCertificateExpiry, certificateVerified] : []),
      ...(tls && asked.has('certificate') ? [chainExpiry] : []),
      ...(asked.has('answer')
        ? [
            gauge(REDIRECTS, ({ result }) => result.facts.redirects ?? 0),
            gauge(LENGTH, ({ result }) => result.facts.contentLength ?? -1),
            gauge(UNCOMPRESSED, ({ result }) => result.facts.uncompressedBodyLength),
            gauge(MODIFIED, ({ result }) => result.facts.lastModifiedSeconds),
          ]
        : []),
      ...(asked.has('address') ? [addressHash] : []),
      ...(asked.has('phase-histograms') ? phaseHistogram(ALL_PHASES, HTTP_PHASES) : []),
    ],
    infos: () => [
      ...(tls && asked.has('tls') ? [tlsVersionInfo, tlsCipherInfo] : []),
      ...(tls && asked.has('certificate') ? [chainInfo] : []),
    ],
  };
}

function checksPattern({ text, headers, not }: HttpProbeSpec['steps'][number]['expect']): boolean {
  const of = (conditions: Pick<typeof not & object, 'text' | 'headers'>) =>
    conditions.text !== null || Object.keys(conditions.headers).length > 0;
  return of({ text, headers }) || (not !== undefined && of(not));
}
