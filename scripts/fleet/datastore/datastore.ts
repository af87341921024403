import type { Socket } from 'node:net';
import type { DatastoreService } from '../../../thresholds/model.ts';
import type { Effects } from '../effects.ts';
import { errorAnswer } from '../http/answer.ts';
import { type Front, httpFront } from '../http/front.ts';
import { send } from '../http/respond.ts';
import type { ServiceState } from '../service-state.ts';
import { postgresConversation } from './postgres.ts';
import { answerRedis } from './redis.ts';

/** What a protocol makes of the bytes of a connection: the bytes to send back, and how many it has read. */
export interface Reply {
  read: number;
  send: string | Buffer;
  /** Closes the connection after the reply. */
  end?: boolean;
  /** A login that succeeded. */
  login?: true;
  /** Work of the database: slow queries are slow here. */
  query?: boolean;
}

/** One conversation. Returns null until the bytes are a whole message. */
export type Protocol = (received: Buffer, effects: Pick<Effects, 'saturated'>) => Reply | null;

const PROTOCOLS: Readonly<Record<DatastoreService['engine'], () => Protocol>> = {
  redis: () => answerRedis,
  postgres: postgresConversation,
  // Nothing is known of its protocol: it takes what comes.
  other: () => (received) => (received.length === 0 ? null : { read: received.length, send: '' }),
};

/** A database or cache, as far as a probe looks at it. One that is scraped serves its metrics on the same port. */
export function datastoreFront(state: ServiceState<DatastoreService>): Front {
  const protocol = PROTOCOLS[state.service.engine];
  const http = state.service.scrape === null ? null : httpFront(state, (req, res) => send(req, res, NOT_FOUND), null);
  return {
    accept(socket) {
      if (http === null) serve(socket, state, protocol());
      else
        sniff(
          socket,
          () => http.accept(socket),
          () => serve(socket, state, protocol()),
        );
    },
  };
}

const NOT_FOUND = errorAnswer(404, 'not found');

function serve(socket: Socket, state: ServiceState, protocol: Protocol): void {
  let pending = Buffer.alloc(0);
  let queue = Promise.resolve();
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    const next = () => protocol(pending, state.effects);
    for (let reply = next(); reply !== null && reply.read > 0; reply = next()) {
      pending = pending.subarray(reply.read);
      state.stats.other += 1;
      const message = reply;
      queue = queue.then(() => deliver(socket, state, message));
    }
  });
}

async function deliver(
  socket: Socket,
  state: ServiceState,
  { send: bytes, end = false, query = false }: Reply,
): Promise<void> {
  if (state.effects.reach === 'mute') {
    state.listener.hold(socket);
    return;
  }
  const { delayMs, queryDelayMs } = state.effects;
  const waitMs = delayMs + (query ? queryDelayMs : 0);
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  if (socket.destroyed) return;
  if (end) socket.end(bytes);
  else socket.write(bytes);
}

/** Looks at the first bytes of a connection: does an HTTP client speak? */
function sniff(socket: Socket, onHttp: () => void, onOther: () => void): void {
  socket.once('readable', () => {
    const first: Buffer | null = socket.read();
    if (first === null) return;
    socket.unshift(first);
    if (/^(GET|HEAD) \//.test(first.toString('latin1'))) onHttp();
    else onOther();
  });
}
