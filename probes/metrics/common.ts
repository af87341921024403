import { PROBE_METRIC } from '../../thresholds/names.ts';
import type { ProbeReason } from '../result.ts';
import { counter, type Family, gauge, type RunSample, type SeriesDef } from './series.ts';
import { bucketLabel } from './text-format.ts';

/** Upper bounds in seconds, +Inf beside them. Few, since each costs a series a target; the promises of the seeds (0.5, 1, 5 s) are among them. */
export const DURATION_BUCKETS = [0.1, 0.5, 1, 5] as const;

/** Reasons of failures as label values: grouped, so that a target stays within its series; the exact one is in results and tables. */
export const REASON_GROUP: Readonly<Partial<Record<ProbeReason, string>>> = {
  refused: 'refused',
  unreachable: 'refused',
  timeout: 'timeout',
  dns: 'dns',
  tls: 'tls',
  'certificate-expired': 'tls',
  'certificate-not-yet-valid': 'tls',
  'certificate-expiring': 'tls',
  'certificate-name': 'tls',
  'certificate-self-signed': 'tls',
  'certificate-untrusted': 'tls',
  'certificate-mismatch': 'tls',
  'tls-version': 'tls',
  status: 'status',
  redirect: 'status',
  header: 'content',
  text: 'content',
  json: 'content',
  'not-json': 'content',
  'body-too-large': 'content',
  'headers-too-large': 'content',
  encoding: 'content',
  extract: 'content',
  reset: 'protocol',
  closed: 'protocol',
  truncated: 'protocol',
  accepted: 'accepted',
  slow: 'timeout',
  upgrade: 'status',
  protocol: 'protocol',
  auth: 'auth',
  saturated: 'saturated',
  'not-ready': 'state',
  role: 'state',
  query: 'query',
  value: 'content',
  empty: 'content',
  rcode: 'status',
  'target-down': 'state',
  'rule-error': 'query',
  billing: 'quota',
  'rate-limited': 'quota',
  overloaded: 'status',
  'provider-error': 'status',
  'first-token-timeout': 'timeout',
  'stalled-stream': 'timeout',
  'truncated-stream': 'protocol',
  'stream-error': 'protocol',
  'content-type': 'protocol',
  'empty-reply': 'content',
  'finish-reason': 'content',
  model: 'content',
  provider: 'content',
  'rpc-invalid': 'protocol',
  'rpc-unknown-method': 'protocol',
  'rpc-internal': 'protocol',
  'rpc-error': 'protocol',
  'unsupported-version': 'protocol',
  'tool-error': 'content',
  'tools-missing': 'content',
  'schema-changed': 'content',
  'server-name': 'content',
  silent: 'timeout',
  reported: 'status',
};

const family = (name: string, type: Family['type'], help: string): Family => ({ name, type, help });

const SUCCESS = family(PROBE_METRIC.success, 'gauge', 'Whether the last judged run was a success.');
const DURATION = family(PROBE_METRIC.durationSeconds, 'gauge', 'How long the last judged run took.');
const TIMEOUT = family(PROBE_METRIC.timeoutSeconds, 'gauge', 'Time after which a run fails.');
const DNS = family(PROBE_METRIC.dnsLookupSeconds, 'gauge', 'Time taken by name resolution in the last judged run.');
const IP = family(PROBE_METRIC.ipProtocol, 'gauge', 'IP version of the last judged run, 4 or 6.');
const LAST_RUN = family(PROBE_METRIC.lastRunTimestampSeconds, 'gauge', 'Unix time at which the last judged run ended.');
const STATE = family(PROBE_METRIC.state, 'gauge', 'Confirmed state: 1 up, 0 down. Unknown runs do not change it.');
const MAINTENANCE = family(
  PROBE_METRIC.maintenance,
  'gauge',
  'Whether the last run fell into a planned window: it counts neither for nor against the promise.',
);
const ALL_DURATION = family(
  PROBE_METRIC.allDurationSeconds,
  'histogram',
  'Duration of the judged runs that count: due at their time, and not in a planned window.',
);
const ALL_SUCCESS = family(
  PROBE_METRIC.allSuccess,
  'summary',
  'Successes (sum) among the judged runs that count (count).',
);
const RESULTS = family(
  PROBE_METRIC.resultsTotal,
  'counter',
  'Runs by outcome and reason; unknown ones could not be judged.',
);

/** Series that every kind has. */
export function commonSeries({
  failures,
  degrades,
  planned,
}: {
  failures: readonly string[];
  /** The target has a limit above which a success is degraded. */
  degrades: boolean;
  /** The target has maintenance windows. */
  planned: boolean;
}): SeriesDef[] {
  const seconds = (run: RunSample) => run.result.durationSeconds;
  const counted = (add: (run: RunSample) => number) => (run: RunSample) => (run.counts ? add(run) : 0);
  return [
    gauge(SUCCESS, ({ result }) => (result.outcome === 'success' ? 1 : 0)),
    gauge(DURATION, seconds),
    gauge(TIMEOUT, (run) => run.timeoutSeconds),
    gauge(DNS, ({ result }) => result.phases.resolve ?? 0),
    gauge(IP, ({ result }) => result.facts.ipProtocol ?? 0),
    gauge(LAST_RUN, (run) => run.endedAtSeconds),
    gauge(STATE, (run) => run.state),
    ...(planned ? [{ ...gauge(MAINTENANCE, (run) => (run.maintenance ? 1 : 0)), countsUnknown: true }] : []),
    ...[...DURATION_BUCKETS, Number.POSITIVE_INFINITY].map((bound) =>
      counter(
        ALL_DURATION,
        counted((run) => (seconds(run) <= bound ? 1 : 0)),
        {
          suffix: '_bucket',
          labels: { le: bucketLabel(bound) },
        },
      ),
    ),
    counter(ALL_DURATION, counted(seconds), { suffix: '_sum' }),
    counter(
      ALL_DURATION,
      counted(() => 1),
      { suffix: '_count' },
    ),
    counter(
      ALL_SUCCESS,
      counted(({ result }) => (result.outcome === 'success' ? 1 : 0)),
      { suffix: '_sum' },
    ),
    counter(
      ALL_SUCCESS,
      counted(() => 1),
      { suffix: '_count' },
    ),
    results('success', 'none', ({ result }) => result.outcome === 'success' && !result.degraded),
    ...(degrades ? [results('success', 'degraded', ({ result }) => result.degraded)] : []),
    ...failures.map((reason) =>
      results(
        'failure',
        reason,
        ({ result }) => result.outcome === 'failure' && REASON_GROUP[result.reason] === reason,
      ),
    ),
    // One for all that lies with the prober.
    results('unknown', 'prober', ({ result }) => result.outcome === 'unknown'),
    // One for whatever came out of a planned window.
    ...(planned ? [counter(RESULTS, (run) => (run.maintenance ? 1 : 0), MAINTENANCE_RUN)] : []),
  ];
}

const MAINTENANCE_RUN = { labels: { outcome: 'maintenance', reason: 'planned' }, countsUnknown: true };

function results(outcome: string, reason: string, matches: (run: RunSample) => boolean): SeriesDef {
  return counter(RESULTS, (run) => (matches(run) && !run.maintenance ? 1 : 0), {
    labels: { outcome, reason },
    countsUnknown: true,
  });
}
