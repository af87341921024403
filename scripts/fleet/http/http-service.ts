import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpEndpoint, HttpService } from '../../../thresholds/model.ts';
import { callProviders } from '../llm/call-providers.ts';
import { jsonObject, labelArguments } from '../metrics/arguments.ts';
import type { EndpointRuntime, Fate, ServiceState } from '../service-state.ts';
import { errorAnswer, expectedText, type ReadyAnswer, readyAnswer, unexpectedText } from './answer.ts';
import { isGone, isTooLarge, readBody, send } from './respond.ts';
import { Router } from './router.ts';
import { scrapePage } from './scrape-page.ts';

/** Answers HTTP requests of one service. */
export type RequestHandler = (req: IncomingMessage, res: ServerResponse) => void;

interface Route {
  readonly method: string;
  readonly path: string;
  readonly runtime: EndpointRuntime<HttpEndpoint>;
  readonly usual: ReadyAnswer;
  readonly wrong: ReadyAnswer;
  /** The endpoint is the page that Prometheus scrapes. */
  readonly isScrapePage: boolean;
  readonly query: readonly [string, string][];
}

const NOT_FOUND = errorAnswer(404, 'not found');
const TOO_LARGE = errorAnswer(413, 'body too large', ['connection', 'close']);

/** The endpoints of an HTTP service, with their latency, and their faults when they are on. */
export function httpService(state: ServiceState<HttpService>): RequestHandler {
  const routes = state.endpoints.map((runtime) => toRoute(state, runtime as EndpointRuntime<HttpEndpoint>));
  const router = new Router(routes);

  return (req, res) => {
    const [path = '/', search = ''] = (req.url ?? '/').split('?', 2);
    const match = router.find(req.method ?? 'GET', path);
    if (match.kind !== 'found') {
      state.stats.other += 1;
      req.resume();
      send(req, res, match.kind === 'unknown' ? NOT_FOUND : methodNotAllowed(match.allowed));
      return;
    }
    if (isTooLarge(req)) {
      send(req, res, TOO_LARGE);
      return;
    }
    const [only] = match.routes;
    if (match.routes.length === 1 && only !== undefined && only.runtime.known.size === 0) {
      req.resume();
      respond(state, only, req, res, {});
      return;
    }
    readBody(req).then((body) => {
      const query = Object.fromEntries(new URLSearchParams(search));
      const route = choose(match.routes, query, body);
      const given = { ...jsonObject(body), ...query, ...match.params };
      if (body === null) send(req, res, TOO_LARGE);
      else if (route !== undefined) respond(state, route, req, res, labelArguments(route.runtime.known, given));
    });
  };
}

function respond(
  state: ServiceState,
  route: Route,
  req: IncomingMessage,
  res: ServerResponse,
  args: Record<string, string>,
): void {
  const handling = state.begin(route.runtime);
  const fate = state.fate();
  const { calls } = route.runtime.endpoint.sim;
  setTimeout(
    async () => {
      const reached =
        calls.length > 0 && fate.kind !== 'fail' ? await callProviders(state, route.runtime.endpoint) : null;
      const ready = reached === null ? await answerOf(state, route, fate) : withProvider(route, fate, reached.provider);
      if (isGone(res)) {
        handling.abandon();
        return;
      }
      send(req, res, ready);
      handling.finish(ready.status, args, reached?.calls);
    },
    state.latencyMs(route.runtime, fate),
  );
}

function answerOf(state: ServiceState, route: Route, fate: Fate): ReadyAnswer | Promise<ReadyAnswer> {
  if (fate.kind === 'fail') return errorAnswer(fate.status, 'the simulated service fails');
  if (fate.kind === 'wrong') return route.wrong;
  return route.isScrapePage ? scrapePage(state) : route.usual;
}

/** The answer names the provider that gave it. */
function withProvider(route: Route, fate: Fate, provider: string | null): ReadyAnswer {
  if (provider === null) return errorAnswer(502, 'no language model provider answered');
  if (fate.kind === 'wrong') return route.wrong;
  const body = JSON.stringify({ ...jsonObject(route.usual.body.toString('utf8')), provider });
  return readyAnswer(route.runtime.endpoint, body);
}

function toRoute(state: ServiceState, runtime: EndpointRuntime<HttpEndpoint>): Route {
  const { endpoint, method, path } = runtime;
  const isScrapePage = method === 'GET' && path === state.service.scrape?.path && endpoint.sim.body === undefined;
  const text = isScrapePage ? '' : expectedText(endpoint, state.service.target);
  return {
    method,
    path,
    runtime,
    usual: readyAnswer(endpoint, text),
    wrong: readyAnswer(endpoint, unexpectedText(endpoint) ?? text),
    isScrapePage,
    query: [...new URLSearchParams(endpoint.path.split('?')[1] ?? '')],
  };
}

/** Of several endpoints on one path the one whose body and query the request has. */
function choose(routes: readonly Route[], query: Record<string, string>, body: string | null): Route | undefined {
  const fits = (route: Route) =>
    (route.runtime.endpoint.body === body ? 1_000 : 0) +
    route.query.reduce((score, [name, value]) => score + (query[name] === value ? 1 : -1), 0);
  return [...routes].sort((a, b) => fits(b) - fits(a))[0];
}

function methodNotAllowed(allowed: string[]): ReadyAnswer {
  return errorAnswer(405, 'method not allowed', ['allow', allowed.join(', ')]);
}
