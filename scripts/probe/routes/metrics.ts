import { renderText } from '../../../probes/metrics/text.ts';
import { type Exemplar, negotiateFormat } from '../../../probes/metrics/text-format.ts';
import type { ProbeRunner } from '../../../probes/runner.ts';
import { refusedMetrics } from './probe.ts';
import { READ, type Route, type RouteContext } from './route.ts';
import { sendPaced } from './send-paced.ts';

/** `/metrics`: the last run of every target and its counters, for those who pull; as OpenMetrics, with exemplars, where that is asked for. */
export function metricsRoute({ runner, onDemand }: RouteContext): Route {
  return {
    methods: READ,
    path: '/metrics',
    async handle({ headers }, response) {
      const format = negotiateFormat(headers.accept);
      response.writeHead(200, { 'content-type': format.contentType, vary: 'accept' });
      const own = [...runner.own(), ...(onDemand === undefined ? [] : refusedMetrics(onDemand.refused))];
      const page = renderText(runner.registry, { own, format, exemplarOf: exemplarsOf(runner) });
      await sendPaced(page, response);
    },
  };
}

/** The trace of a target's last run, where the run had one. */
function exemplarsOf({ results }: Pick<ProbeRunner, 'results'>): (targetId: string) => Exemplar | undefined {
  const tallies = results();
  return (targetId) => {
    const last = tallies.get(targetId)?.last ?? null;
    const traceId = last?.facts.traceId;
    if (last === null || traceId === undefined || last.outcome === 'unknown') return undefined;
    return { traceId, value: last.durationSeconds };
  };
}
