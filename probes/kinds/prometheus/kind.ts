import type { PrometheusCheck, PrometheusProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { hostAndPort, tlsOptions } from '../../endpoint.ts';
import { exchange, type HttpAnswer } from '../../http/exchange.ts';
import { requestHeaders } from '../../http/headers.ts';
import type { ProbeKind } from '../../kind.ts';
import { measureRun } from '../../measured-run.ts';
import type { ProbeTarget } from '../../target.ts';
import { readAnswer } from './api.ts';
import type { PrometheusFacts } from './facts.ts';
import { expectQuery, queryData } from './query.ts';
import { expectRules, rulesData } from './rules.ts';
import { prometheusLayout } from './series.ts';
import { expectTargets, targetsData } from './targets.ts';

/** One question to the API of a Prometheus server. */
export const prometheusKind: ProbeKind<PrometheusProbeSpec> = {
  create: (context, target) => ({ run: (options) => runPrometheus(context, target, options) }),
  addressProblem: ({ protocol }) =>
    protocol === 'http:' || protocol === 'https:' ? undefined : 'but its prometheus probe needs http:// or https://',
  layout: prometheusLayout,
};

function runPrometheus(context: ProbeContext, target: ProbeTarget<PrometheusProbeSpec>, options: ProbeOptions) {
  const { check, pathPrefix, timeoutMs } = target.spec;
  const phases = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
  return measureRun(context, target, options, phases, async (run) => {
    const prometheus: PrometheusFacts = { warnings: [] };
    run.facts.prometheus = prometheus;
    const url = new URL(`${target.url}${pathPrefix}/api/v1/${pathOf(check, timeoutMs)}`);
    const tls = url.protocol === 'https:';
    const headers = requestHeaders(
      { headers: { accept: 'application/json' }, body: null },
      target.auth,
      context.readSecret,
    );
    const socket = await context.connect(
      { ...hostAndPort(url, tls ? 443 : 80), tls: tls ? tlsOptions(context, target) : null },
      run,
    );
    const answer = await exchange(
      {
        socket,
        method: 'GET',
        path: url.pathname + url.search,
        headers: { host: url.host, ...headers },
        body: null,
        keepText: true,
        bodyLimitBytes: options.bodyLimitBytes,
        headerLimitBytes: options.headerLimitBytes,
      },
      { clock: context.clock, deadline: run.deadline, phases: run.phases },
      ({ statusCode }) => {
        run.facts.status = statusCode ?? 0;
      },
    );
    judge(answer, check, prometheus);
  });
}

function pathOf(check: PrometheusCheck, timeoutMs: number): string {
  if (check.what === 'targets') return 'targets?state=active';
  if (check.what === 'rules') return 'rules';
  // The server need not work for an answer that nobody waits for.
  return `query?${new URLSearchParams({ query: check.expr, timeout: `${Math.ceil(timeoutMs)}ms` })}`;
}

function judge(answer: HttpAnswer, check: PrometheusCheck, facts: PrometheusFacts): void {
  if (check.what === 'query') expectQuery(readAnswer(answer, queryData, facts), check, facts);
  else if (check.what === 'targets') expectTargets(readAnswer(answer, targetsData, facts), check, facts);
  else expectRules(readAnswer(answer, rulesData, facts), check, facts);
}
