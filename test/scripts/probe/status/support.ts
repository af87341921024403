import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../../probes/clock.ts';
import { createStatusBoard, type StatusBoard } from '../../../../probes/history/status-board.ts';
import { listenTo } from '../../../../scripts/probe/listener.ts';
import { statusRoutes } from '../../../../scripts/probe/routes/status.ts';
import { target } from '../../../probes/support.ts';

/** How a made-up target behaves. */
export type Behaviour = 'up' | 'down' | 'failing' | 'degraded' | 'unknown' | 'maintenance' | 'waiting';

/** One run as that behaviour ends. */
export function observe(board: StatusBoard, id: string, behaviour: Behaviour, atMs = Date.now(), seconds = 0.08): void {
  const [system = '', service = ''] = id.split('/');
  const probed = target({ id, system, service });
  if (behaviour === 'waiting') {
    board.add(probed);
    return;
  }
  const failed = behaviour === 'down' || behaviour === 'failing';
  const outcome = failed ? 'failure' : behaviour === 'unknown' ? 'unknown' : 'success';
  board.observe({
    target: probed,
    result: {
      outcome,
      reason: failed ? 'timeout' : behaviour === 'unknown' ? 'lagging' : 'none',
      detail: failed ? 'timeout: no answer <b>within</b> 5 s' : behaviour === 'unknown' ? 'the prober stalled' : '',
      durationSeconds: failed ? 5 : seconds,
      degraded: behaviour === 'degraded',
      phases: {
        resolve: 0.0004,
        connect: 0.002,
        tls: 0,
        processing: failed ? 4.99 : seconds,
        transfer: 0,
        other: 0.0001,
      },
      facts: {},
    },
    atMs,
    up: behaviour !== 'down',
    maintenance: behaviour === 'maintenance',
  });
}

/** A day of runs, one a minute, ending now. */
export function fillDay(board: StatusBoard, id: string, now = Date.now()): void {
  for (let minute = 24 * 60; minute > 0; minute -= 1) {
    const bad = minute % 37 === 0 || (minute > 20 && minute < 28);
    const seconds = 0.08 + 0.05 * Math.sin(minute / 9) ** 2;
    observe(board, id, bad ? 'failing' : 'up', now - minute * 60_000, seconds);
  }
}

/** A server of the status pages alone. */
export async function serveStatus(board = createStatusBoard()) {
  const status = { board, clock: systemClock(), environment: 'test', version: '0.0.0' };
  const errors: unknown[] = [];
  const server = createServer(
    listenTo(statusRoutes(status), { guard: () => null, onError: (error) => errors.push(error) }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    board,
    errors,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
