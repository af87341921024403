import { readFileSync } from 'node:fs';
import type { Clock } from '../../../probes/clock.ts';
import { createHeartbeatBoard, type HeartbeatBoard } from '../../../probes/heartbeat/board.ts';
import type { StateStore } from '../../../probes/state/store.ts';
import type { ProbeTarget } from '../../../probes/target.ts';
import type { HeartbeatProbeSpec, Secret } from '../../../thresholds/model.ts';
import { resolveSecret } from '../../../thresholds/secret.ts';
import { DURATION_PATTERN, parseDurationMs } from '../../../thresholds/units.ts';
import { credentialOf, sameText } from '../access.ts';
import type { Route } from './route.ts';

/** What heartbeats are received with. */
export interface HeartbeatReceiver {
  board: HeartbeatBoard;
  /** Unix milliseconds. */
  now: () => number;
  /** Throws an Error that names the reference, not the value. */
  readSecret: (secret: Secret) => string;
}

/** Receives into the state of the prober. */
export function heartbeatReceiver(
  state: StateStore,
  clock: Pick<Clock, 'now'>,
  env: Readonly<Record<string, string | undefined>>,
): HeartbeatReceiver {
  return {
    board: createHeartbeatBoard(state),
    now: clock.now,
    readSecret: (secret) => resolveSecret(secret, env, (path) => readFileSync(path, 'utf8')),
  };
}

const PATH = '/heartbeat/';

const STATES = { ok: 'ok', finish: 'ok', fail: 'fail', start: 'start' } as const;

/**
 * `POST /heartbeat/<target>`: `?state=ok` (also `finish`, and without it), `fail` or `start`, and `&duration=12.5` in seconds or as `90s`. Every
 * heartbeat has a token of its own, so the prober's credentials are not asked for; a target that is none is refused as a wrong token is.
 */
export function heartbeatRoute(
  targets: () => Iterable<ProbeTarget>,
  { board, now, readSecret }: HeartbeatReceiver,
): Route {
  return {
    methods: ['POST'],
    path: PATH,
    open: true,
    handle(request, response, url) {
      request.resume();
      const answer = (status: number, text: string) =>
        void response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
      const target = find(targets(), decodePath(url.pathname));
      const given = credentialOf(request, 'Bearer');
      if (target === undefined || given === '' || !sameText(given, readSecret(target.spec.token))) {
        response.setHeader('www-authenticate', 'Bearer realm="firedrill heartbeat"');
        return answer(401, 'credentials needed');
      }
      const word = url.searchParams.get('state') ?? 'ok';
      if (!isState(word)) return answer(400, `state=${word} is none of ${Object.keys(STATES).join(', ')}`);
      const duration = url.searchParams.get('duration');
      const durationMs = duration === null ? null : parseSeconds(duration);
      if (durationMs === undefined)
        return answer(400, `duration=${duration} is neither seconds, such as 12.5, nor a duration, such as 90s`);
      board.beat(target.id, STATES[word], now(), durationMs);
      answer(200, 'ok');
    },
  };
}

function find(targets: Iterable<ProbeTarget>, id: string | null): ProbeTarget<HeartbeatProbeSpec> | undefined {
  for (const target of targets) if (target.id === id && isHeartbeat(target)) return target;
  return undefined;
}

function isHeartbeat(target: ProbeTarget): target is ProbeTarget<HeartbeatProbeSpec> {
  return target.spec.kind === 'heartbeat';
}

function decodePath(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname.slice(PATH.length));
  } catch {
    return null;
  }
}

function isState(word: string): word is keyof typeof STATES {
  return Object.hasOwn(STATES, word);
}

function parseSeconds(text: string): number | undefined {
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Number(text) * 1_000;
  return DURATION_PATTERN.test(text) ? parseDurationMs(text) : undefined;
}
