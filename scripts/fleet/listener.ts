import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../process/harness-error.ts';
import type { Effects } from './effects.ts';

/** How long a port is waited for when a closed listener opens again. */
const REOPEN_WITHIN_MS = 5_000;

/** Another loopback address: see `#holdPort`. */
const HOLDER_ADDRESS = '127.0.0.2';

/** A TCP port of a simulated service that can be closed, reset its connections or leave them unanswered. */
export class Listener {
  readonly #name: string;
  readonly #serve: (socket: Socket) => void;
  readonly #sockets = new Set<Socket>();
  readonly #held = new Set<Socket>();
  #server: Server;
  #holder: Server | null = null;
  #reach: Effects['reach'] = 'open';
  #port = 0;

  /**
   * @param name What messages call the service.
   * @param serve Speaks the service's protocol on a connection.
   */
  constructor(name: string, serve: (socket: Socket) => void) {
    this.#name = name;
    this.#serve = serve;
    this.#server = this.#createServer();
  }

  /** The port that it listens on, kept while it is closed by a fault. */
  get port(): number {
    return this.#port;
  }

  /**
   * Listens on 127.0.0.1.
   * @param port 0 for a free one.
   * @throws HarnessError when the port is taken.
   */
  async open(port: number): Promise<void> {
    await listen(this.#server, port, '127.0.0.1').catch((cause: NodeJS.ErrnoException) => {
      throw new HarnessError(`${this.#name}: the simulated service cannot listen on port ${port}`, {
        reason: cause.code === 'EADDRINUSE' ? 'another process uses the port' : cause.message,
        hint: 'end that process, or let the fleet choose free ports',
        cause,
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Switches how connections are met. Resolves when the switch has been made. */
  async setReach(reach: Effects['reach']): Promise<void> {
    const before = this.#reach;
    if (reach === before) return;
    this.#reach = reach;
    if (reach === 'resetting') for (const socket of this.#sockets) socket.resetAndDestroy();
    if (reach === 'closed') await this.#shut();
    else if (before === 'closed') await this.#reopen();
  }

  /** Keeps a connection open and unanswered until the fault ends: for engines that get a request while the service is `mute`. */
  hold(socket: Socket): void {
    this.#held.add(socket);
    socket.once('close', () => this.#held.delete(socket));
  }

  /** Ends the connections that are held: the fault that held them is over. */
  releaseHeld(): void {
    destroyAll(this.#held);
  }

  /** Ends every connection, so that clients have to make a new one. */
  disconnectAll(): void {
    destroyAll(this.#sockets);
  }

  async close(): Promise<void> {
    this.#reach = 'open';
    await this.#shut();
    await closeServer(this.#holder);
    this.#holder = null;
  }

  #createServer(): Server {
    const server = createServer({ noDelay: true }, (socket) => {
      // Clients go away in the middle of things; that is their right.
      socket.on('error', () => {});
      if (this.#reach === 'resetting') {
        socket.resetAndDestroy();
        return;
      }
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      this.#serve(socket);
    });
    return server;
  }

  async #shut(): Promise<void> {
    const closed = closeServer(this.#server);
    destroyAll(this.#sockets);
    if (this.#reach === 'closed') await this.#holdPort();
    await closed;
  }

  async #reopen(): Promise<void> {
    const deadline = Date.now() + REOPEN_WITHIN_MS;
    await closeServer(this.#holder);
    this.#holder = null;
    for (;;) {
      this.#server = this.#createServer();
      try {
        return await this.open(this.#port);
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(20);
      }
    }
  }

  /**
   * While a service is down its port must not become the local port of somebody's outgoing connection: Linux gives those no
   * port that is bound on any address. Where there is no second loopback address the port stays unprotected.
   */
  async #holdPort(): Promise<void> {
    const holder = createServer((socket) => socket.destroy());
    this.#holder = await listen(holder, this.#port, HOLDER_ADDRESS).then(
      () => holder,
      () => null,
    );
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: 1_024 }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server | null): Promise<void> {
  return new Promise((resolve) => {
    if (server === null || !server.listening) resolve();
    else server.close(() => resolve());
  });
}

function destroyAll(sockets: Iterable<Socket>): void {
  for (const socket of sockets) socket.destroy();
}
