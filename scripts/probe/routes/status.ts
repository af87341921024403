import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../probes/clock.ts';
import type { StatusBoard } from '../../../probes/history/status-board.ts';
import { streamChanges } from '../status/events.ts';
import { renderJson } from '../status/json.ts';
import { renderOverview } from '../status/page.ts';
import { STATUS_STYLE } from '../status/style.ts';
import { renderTargetPage } from '../status/target-page.ts';
import { READ, type Route } from './route.ts';
import { sendPaced } from './send-paced.ts';

/** What the status pages are made from. */
export interface StatusContext {
  board: StatusBoard;
  clock: Clock;
  environment: string;
  /** Of firedrill. */
  version: string;
}

/** Nothing from elsewhere, nothing inline: names and answers of targets are foreign text. */
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** The overview at `/`, a page a target below `/targets/`, their changes, and the same as JSON. */
export function statusRoutes(status: StatusContext): Route[] {
  const { board, clock } = status;
  const script = readFileSync(join(import.meta.dirname, '../status/client.js'), 'utf8');
  const asset = (path: string, type: string, text: string): Route => ({
    methods: READ,
    path,
    handle: (_, response) => void response.writeHead(200, { 'content-type': type }).end(text),
  });
  return [
    {
      methods: READ,
      path: '/',
      async handle(_, response) {
        response.writeHead(200, PAGE_HEADERS);
        await sendPaced(renderOverview(board, { ...status, nowMs: clock.now() }), response);
      },
    },
    {
      methods: READ,
      path: '/targets/',
      handle(_, response, url) {
        const id = decode(url.pathname.slice('/targets/'.length));
        const found = id === undefined ? undefined : board.get(id);
        if (found === undefined) response.writeHead(404).end('no such target\n');
        else response.writeHead(200, PAGE_HEADERS).end(renderTargetPage(board, found, clock.now()));
      },
    },
    {
      methods: READ,
      path: '/status.json',
      async handle(_, response) {
        response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
        await sendPaced(renderJson(board, clock.now()), response);
      },
    },
    {
      methods: ['GET'],
      path: '/events',
      handle: (request, response, url) =>
        streamChanges({ board, clock }, request, response, Number(url.searchParams.get('since') ?? 0)),
    },
    asset('/status.css', 'text/css; charset=utf-8', STATUS_STYLE),
    asset('/status.js', 'text/javascript; charset=utf-8', script),
  ];
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
