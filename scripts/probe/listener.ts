import type { IncomingMessage, RequestListener } from 'node:http';
import type { Route } from './routes/route.ts';

/** Says why a request may not be answered: null when it may. */
export type Guard = (request: IncomingMessage) => { status: 401; headers: Record<string, string> } | null;

/**
 * Finds the route of a request, and asks the guard first where the route is not open: without credentials even the existence of a
 * page is not told.
 */
export function listenTo(
  routes: readonly Route[],
  { guard, onError }: { guard: Guard; onError: (error: unknown, path: string) => void },
): RequestListener {
  return async (request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://host') ?? new URL('http://host/');
    const found = routes.filter(({ path }) =>
      path.endsWith('/') && path !== '/' ? url.pathname.startsWith(path) : url.pathname === path,
    );
    const route = found.find(({ methods }) => methods.includes(request.method ?? ''));
    const refusal = route?.open === true ? null : guard(request);
    if (refusal !== null) {
      response.writeHead(refusal.status, { ...refusal.headers, connection: 'close' }).end('credentials needed\n');
    } else if (route !== undefined) {
      try {
        await route.handle(request, response, url);
      } catch (error) {
        onError(error, url.pathname);
        if (!response.headersSent) response.writeHead(500);
        response.end('internal error\n');
      }
    } else if (found.length > 0) {
      const allow = [...new Set(found.flatMap(({ methods }) => methods))].join(', ');
      response.writeHead(405, { allow, connection: 'close' }).end('method not allowed\n');
    } else response.writeHead(404, { connection: 'close' }).end('not found\n');
  };
}
