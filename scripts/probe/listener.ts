import type { IncomingMessage, RequestListener } from 'node:http';
import type { Route } from './routes/route.ts';

/** Says why a request may not be answered: null when it may. Throws when it cannot know. */
export type Guard = (request: IncomingMessage) => Refusal | null;

interface Refusal {
  status: number;
  headers?: Record<string, string>;
}

/** Largest body that a request may announce; what comes without a length is cut off there by `readBody`. */
export const REQUEST_BODY_LIMIT_BYTES = 64 * 1024;

const TEXT: Readonly<Record<number, string>> = {
  401: 'credentials needed',
  403: 'not from another site',
  404: 'not found',
  405: 'method not allowed',
  413: 'body too large',
  500: 'internal error',
};

/**
 * Finds the route of a request, and asks the guard first where the route is not open: without credentials even the existence of a
 * page is not told.
 */
export function listenTo(
  routes: readonly Route[],
  { guard, onError }: { guard: Guard; onError: (error: unknown, path: string) => void },
): RequestListener {
  const answer: (...of: Parameters<RequestListener>) => Promise<void> = async (request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://host') ?? new URL('http://host/');
    const found = routes.filter(({ path }) =>
      path.endsWith('/') && path !== '/' ? url.pathname.startsWith(path) : url.pathname === path,
    );
    const route = found.find(({ methods }) => methods.includes(request.method ?? ''));
    const refuse = ({ status, headers = {} }: Refusal) =>
      // Closed, so that no body that nobody reads keeps coming.
      void response.writeHead(status, { ...headers, connection: 'close' }).end(`${TEXT[status]}\n`);
    try {
      const refusal = (route?.open === true ? null : guard(request)) ?? unwelcome(request);
      if (refusal !== null) return refuse(refusal);
      if (route !== undefined) return await route.handle(request, response, url);
    } catch (error) {
      onError(error, url.pathname);
      if (response.headersSent) return void response.destroy();
      const status = (error as Partial<Refusal>).status ?? 500;
      return refuse({ status: status in TEXT ? status : 500 });
    }
    if (found.length === 0) return refuse({ status: 404 });
    const allow = [...new Set(found.flatMap(({ methods }) => methods))].join(', ');
    refuse({ status: 405, headers: { allow } });
  };
  return (request, response) => void answer(request, response);
}

/** Too large, or sent by a browser on behalf of a page of another site: that must not reload or push anything. */
function unwelcome({ method = '', headers }: IncomingMessage): Refusal | null {
  if (Number(headers['content-length'] ?? 0) > REQUEST_BODY_LIMIT_BYTES) return { status: 413 };
  const { origin, host } = headers;
  const changes = method !== 'GET' && method !== 'HEAD';
  if (changes && origin !== undefined && URL.parse(origin)?.host !== host) return { status: 403 };
  return null;
}

/**
 * The text of a request's body.
 * @throws Error with status 413 when it is longer than {@link REQUEST_BODY_LIMIT_BYTES}.
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > REQUEST_BODY_LIMIT_BYTES) throw Object.assign(new Error('body too large'), { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
