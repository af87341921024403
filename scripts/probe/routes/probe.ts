import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../probes/clock.ts';
import { DEFAULT_LIMITS, type ProbeContext } from '../../../probes/context.ts';
import { hostAndPort } from '../../../probes/endpoint.ts';
import { watchLag } from '../../../probes/event-loop-lag.ts';
import { type AllowedTarget, isListed } from '../../../probes/guard/guard.ts';
import { kindOf } from '../../../probes/kinds.ts';
import { distrustLagging } from '../../../probes/lagging.ts';
import type { OwnMetric } from '../../../probes/metrics/own.ts';
import { createRegistry, recordRun } from '../../../probes/metrics/registry.ts';
import { PROMETHEUS_TEXT } from '../../../probes/metrics/text-format.ts';
import { explain, type ProbeResult } from '../../../probes/result.ts';
import type { ProbeTarget } from '../../../probes/target.ts';
import { PROBER_METRIC } from '../../../thresholds/names.ts';
import { findTarget } from '../blackbox/find-target.ts';
import { modules } from '../blackbox/modules.ts';
import { blackboxText } from '../blackbox/text.ts';
import { READ, type Route } from './route.ts';

/** What probing on demand needs. */
export interface OnDemand {
  clock: Clock;
  /** For targets of the catalogue. */
  trusted: ProbeContext;
  /** What else may be probed. */
  allowed: readonly AllowedTarget[];
  /** For that: its guard holds the same list. */
  untrusted: ProbeContext;
  refused: RefusedRequests;
}

/** Requests that were not probed, by cause. */
export type RefusedRequests = Record<'unknown-target' | 'unknown-module' | 'denied' | 'busy', number>;

/** None refused yet. */
export function noRefusedRequests(): RefusedRequests {
  return { 'unknown-target': 0, 'unknown-module': 0, denied: 0, busy: 0 };
}

/** Refused requests as metrics; the modules also under blackbox_exporter's name. */
export function refusedMetrics(refused: RefusedRequests): OwnMetric[] {
  const { requestsRefusedTotal, blackboxModuleUnknownTotal } = PROBER_METRIC;
  const counter = (name: string, help: string, samples: [Record<string, string>, number][]): OwnMetric => ({
    family: { name, type: 'counter', help },
    samples: samples.map(([labels, value]) => ({ suffix: '', labels, value })),
  });
  return [
    counter(
      requestsRefusedTotal,
      'Requests for /probe that were not probed, by reason.',
      Object.entries(refused).map(([reason, count]) => [{ reason }, count]),
    ),
    counter(blackboxModuleUnknownTotal, 'Requests for /probe with a module that does not exist.', [
      [{}, refused['unknown-module']],
    ]),
  ];
}

/** Taken off the time that Prometheus waits, so that the answer still arrives; as blackbox_exporter's --timeout-offset. */
const TIMEOUT_OFFSET_MS = 500;
/** A wait below this tells nothing. */
const MIN_TIMEOUT_MS = 50;
/** At once: whoever may ask could else hold every socket of the process. */
const MAX_AT_ONCE = 100;

/**
 * `/probe?target=&module=`: one look, in blackbox_exporter's form. A look that could not judge is answered with 503: Prometheus then sets `up` to
 * 0 for the target, and claims nothing of it.
 */
export function probeRoute(
  { targets }: { targets: () => Iterable<ProbeTarget> },
  { clock, trusted, allowed, untrusted, refused }: OnDemand,
): Route {
  const known = modules();
  let active = 0;
  const refuse = (response: ServerResponse, cause: keyof RefusedRequests, status: number, message: string) => {
    refused[cause] += 1;
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
  };
  return {
    methods: READ,
    path: '/probe',
    async handle(request, response, { searchParams }) {
      const wanted = searchParams.get('target') ?? '';
      if (wanted === '') return refuse(response, 'unknown-target', 400, 'Target parameter is missing');
      const found = findTarget({ target: wanted, module: searchParams.get('module') }, targets(), known);
      if ('cause' in found) return refuse(response, found.cause, 400, found.message);
      if (active >= MAX_AT_ONCE) return refuse(response, 'busy', 503, `${MAX_AT_ONCE} probes are under way`);
      const { target } = found;
      if (!found.trusted && !isOnList(target, allowed)) {
        return refuse(
          response,
          'unknown-target',
          400,
          `unknown target ${JSON.stringify(wanted)}: neither in the catalogue nor allowed`,
        );
      }
      const gone = new AbortController();
      response.once('close', () => gone.abort(new Error('the client left')));
      const timeoutMs = timeoutOf(request.headers['x-prometheus-scrape-timeout-seconds'], target.spec.timeoutMs);
      const timed = { ...target, spec: { ...target.spec, timeoutMs } };
      active += 1;
      const result = await look(found.trusted ? trusted : untrusted, timed, gone.signal)
        .catch(() => null)
        .finally(() => {
          active -= 1;
        });
      if (result === null) return;
      if (result.reason === 'denied') return refuse(response, 'denied', 403, `not probed: ${wanted} is not allowed`);
      const text = metricsOf(timed, result, clock.now());
      const debug = searchParams.get('debug') === 'true';
      const status = result.outcome === 'unknown' && !debug ? 503 : 200;
      response.writeHead(status, { 'content-type': debug ? 'text/plain; charset=utf-8' : PROMETHEUS_TEXT.contentType });
      response.end(
        debug ? debugText(timed, result, text) : status === 503 ? `could not judge: ${explain(result)}\n` : text,
      );
    },
  };

  async function look(context: ProbeContext, target: ProbeTarget, signal: AbortSignal): Promise<ProbeResult> {
    const lag = watchLag(clock);
    const probe = kindOf(target.spec).create(context, target);
    try {
      const startMs = clock.monotonicMs();
      const seen = await probe.run({ ...DEFAULT_LIMITS, signal });
      return distrustLagging(seen, lag.worstSinceMs(startMs), target.spec.timeoutMs);
    } finally {
      lag.stop();
      await probe.close?.();
    }
  }
}

function isOnList({ url }: ProbeTarget, allowed: readonly AllowedTarget[]): boolean {
  const parsed = new URL(url);
  const { hostname, port } = hostAndPort(parsed, parsed.protocol === 'https:' ? 443 : 80);
  return isListed(allowed, hostname, port);
}

function metricsOf(target: ProbeTarget, result: ProbeResult, nowMs: number): string {
  const state = createRegistry().add(target);
  const run = {
    result,
    endedAtSeconds: nowMs / 1_000,
    timeoutSeconds: target.spec.timeoutMs / 1_000,
    state: Number.NaN,
    maintenance: false,
    counts: true,
  };
  recordRun(state, run);
  return blackboxText(state, run);
}

function timeoutOf(header: string | string[] | undefined, specMs: number): number {
  const scrapeMs = Number(header) * 1_000;
  if (!(scrapeMs > 0)) return specMs;
  return Math.max(MIN_TIMEOUT_MS, Math.min(specMs, scrapeMs - TIMEOUT_OFFSET_MS));
}

/** For a person at the terminal; no header, body or secret of the probe is in a result. */
function debugText({ spec, url }: ProbeTarget, result: ProbeResult, text: string): string {
  const phases = Object.entries(result.phases).map(([name, seconds]) => `  ${name.padEnd(12)} ${seconds.toFixed(6)} s`);
  return [
    'Logs for the probe:',
    `  ${spec.kind} probe of ${url}, timeout ${spec.timeoutMs} ms`,
    ...phases,
    `  ${result.outcome}${result.outcome === 'success' ? '' : `: ${explain(result)}`} after ${result.durationSeconds.toFixed(6)} s`,
    '',
    'Metrics that would have been returned:',
    text,
  ].join('\n');
}
