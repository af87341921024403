import { PROBE_METRIC } from '../../thresholds/names.ts';
import { HTTP_PHASES } from '../kinds/http.ts';
import type { ProbeTarget } from '../target.ts';
import { commonSeries } from './common.ts';
import { type Family, gauge, type Layout, type SeriesDef } from './series.ts';

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

const PHASES = family(PROBE_METRIC.httpDurationSeconds, 'Seconds by phase, summed over redirects.');
const STATUS = family(PROBE_METRIC.httpStatusCode, 'Status of the last answer; 0 without one.');
const VERSION = family(PROBE_METRIC.httpVersion, 'HTTP version of the last answer; 0 without one.');
const SSL = family(PROBE_METRIC.httpSsl, 'Whether the last hop was encrypted.');
const LENGTH = family(PROBE_METRIC.httpContentLength, 'Content-Length of the last answer; -1 without one.');
const REDIRECTS = family(PROBE_METRIC.httpRedirects, 'Redirects followed.');
const REGEX = family(PROBE_METRIC.failedDueToRegex, 'Whether the body or a header did not match its pattern.');
const EXPIRY = family(
  PROBE_METRIC.sslEarliestCertExpiry,
  'Unix time at which the first certificate of the chain expires; known even when it does not verify.',
);

/** The series of a target. Which it has depends on the catalogue alone, never on a result. */
export function layoutOf({ spec, url }: Pick<ProbeTarget, 'spec' | 'url'>): {
  id: string;
  series: () => SeriesDef[];
} {
  const degrades = spec.degradedAboveMs !== null;
  if (spec.kind === 'tcp') {
    const pattern = spec.expectText !== null;
    return {
      id: `tcp${flag('degrades', degrades)}${flag('pattern', pattern)}`,
      series: () => [
        ...commonSeries({
          failures: ['refused', 'timeout', 'dns', 'protocol', ...(pattern ? ['content'] : [])],
          degrades,
        }),
        ...(pattern ? [failedDueToRegex] : []),
      ],
    };
  }
  const tls = url.startsWith('https:');
  const pattern = spec.expect.text !== null || Object.keys(spec.expect.headers).length > 0;
  return {
    id: `http${flag('degrades', degrades)}${flag('pattern', pattern)}${flag('tls', tls)}`,
    series: () => [
      ...commonSeries({
        failures: ['refused', 'timeout', 'dns', ...(tls ? ['tls'] : []), 'status', 'content', 'protocol'],
        degrades,
      }),
      ...HTTP_PHASES.map((phase) => gauge(PHASES, ({ result }) => result.phases[phase] ?? 0, { phase })),
      gauge(STATUS, ({ result }) => result.facts.status ?? 0),
      gauge(VERSION, ({ result }) => result.facts.httpVersion ?? 0),
      gauge(SSL, ({ result }) => (result.facts.tls ? 1 : 0)),
      gauge(LENGTH, ({ result }) => result.facts.contentLength ?? -1),
      gauge(REDIRECTS, ({ result }) => result.facts.redirects ?? 0),
      ...(pattern ? [failedDueToRegex] : []),
      // A run that saw no certificate does not change what is known of it.
      ...(tls ? [gauge(EXPIRY, ({ result }) => result.facts.certificateExpirySeconds)] : []),
    ],
  };
}

const failedDueToRegex = gauge(REGEX, ({ result }) => (result.reason === 'text' || result.reason === 'header' ? 1 : 0));

function flag(name: string, on: boolean): string {
  return on ? `+${name}` : '';
}

/** Layouts by id, each made once: ten thousand targets share a handful. */
export function layoutCache(): (target: Pick<ProbeTarget, 'spec' | 'url'>) => Layout {
  const layouts = new Map<string, Layout>();
  return (target) => {
    const { id, series } = layoutOf(target);
    const layout = layouts.get(id) ?? { id, series: series() };
    layouts.set(id, layout);
    return layout;
  };
}
