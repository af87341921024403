import { startProbes } from '../../../probes/runner.ts';
import { serveProbes } from '../../../scripts/probe/serve.ts';
import { catalogueOf, httpSpec, serveHttp } from '../../probes/support.ts';

/** What Prometheus 2.42 sends. */
export const OPENMETRICS_ACCEPT =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

/** A prober that sends traces, its pages, and the `traceparent` that its target saw at each request. */
export async function tracedProber() {
  const seen: (string | undefined)[] = [];
  const web = await serveHttp((request, response) => {
    seen.push([request.headers.traceparent].flat()[0]);
    response.end('ok');
  });
  const runner = startProbes({
    catalogue: catalogueOf({ web: httpSpec() }),
    addresses: new Map([['shop/web', `http://127.0.0.1:${web.port}`]]),
    intervalMs: 100,
    traces: true,
  });
  const server = await serveProbes({ runner });
  return {
    url: server.url,
    seen,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await runner.stop();
      await web[Symbol.asyncDispose]();
    },
  };
}
