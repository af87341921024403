import type { Reloader } from '../reload/reloader.ts';
import type { Route } from './route.ts';

/** `POST /-/reload` (PUT as well, as Prometheus has it): reads the catalogue again; 500 with the problems when it is wrong. */
export function reloadRoute(reloader: Reloader): Route {
  return {
    methods: ['POST', 'PUT'],
    path: '/-/reload',
    async handle(request, response) {
      request.resume();
      const { ok, text } = await reloader.reload(`${request.method} /-/reload`);
      response.writeHead(ok ? 200 : 500, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    },
  };
}
