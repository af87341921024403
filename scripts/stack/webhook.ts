import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Notification, parseNotification } from './webhook-body.ts';

export type { Notification, NotifiedAlert } from './webhook-body.ts';

/** How the receiver answers: quickly and well by default. */
export interface WebhookBehaviour {
  /** HTTP status; Alertmanager sends again after a 5xx and gives up after a 4xx. */
  readonly status?: number;
  /** Waits this long before it answers. */
  readonly delayMs?: number;
}

const PREFIX = '/receiver/';
/** A notification of 1,000 alerts is about 1 MB. */
const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

/**
 * The end of the line: an HTTP server that stands in for every receiver of an Alertmanager configuration, one path each,
 * and notes what arrived where and when. Bodies that are no webhook notification are kept in `rejected`.
 */
export class WebhookReceiver {
  readonly url: string;
  readonly #server: ReturnType<typeof createServer>;
  readonly #notifications: Notification[] = [];
  readonly #rejected: string[] = [];
  readonly #behaviours = new Map<string, WebhookBehaviour>();
  readonly #waiters = new Set<() => void>();
  readonly #closing = new AbortController();

  /** Listens on loopback at a free port, or where it is told. */
  static async start({ host = '127.0.0.1', port = 0 } = {}): Promise<WebhookReceiver> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return new WebhookReceiver(server);
  }

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  /** The `url` of a `webhook_configs` entry for the receiver of that name. */
  urlFor(receiver: string): string {
    return `${this.url}${PREFIX}${encodeURIComponent(receiver)}`;
  }

  /** What arrived, oldest first: also what was answered with an error, as Alertmanager did send it. */
  get notifications(): readonly Notification[] {
    return this.#notifications;
  }

  /** Why requests were not understood, oldest first; empty in a healthy run. */
  get rejected(): readonly string[] {
    return this.#rejected;
  }

  /** Changes how one receiver answers from now on. */
  behave(receiver: string, behaviour: WebhookBehaviour): void {
    this.#behaviours.set(receiver, behaviour);
  }

  /** The first notification that `predicate` holds for, past ones included; undefined when none came by the deadline. */
  async waitFor(
    predicate: (notification: Notification) => boolean,
    deadlineMs: number,
  ): Promise<Notification | undefined> {
    const deadline = performance.now() + deadlineMs;
    for (let next = 0; ; ) {
      for (; next < this.#notifications.length; next++) {
        const notification = this.#notifications[next];
        if (notification !== undefined && predicate(notification)) return notification;
      }
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || this.#closing.signal.aborted) return undefined;
      await this.#arrival(leftMs);
    }
  }

  /** Ends the server and every wait at once. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #arrival(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiters.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiters.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiters]) wake();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedAtMs = Date.now();
    const path = request.url ?? '';
    try {
      const body = await readBody(request);
      if (request.method !== 'POST' || !path.startsWith(PREFIX)) throw new Error('not a receiver of this server');
      const receiver = decodeURIComponent(path.slice(PREFIX.length));
      this.#notifications.push(parseNotification(receiver, arrivedAtMs, body));
      this.#wake();
      const { status = 200, delayMs = 0 } = this.#behaviours.get(receiver) ?? {};
      if (delayMs > 0) await delay(delayMs, undefined, { signal: this.#closing.signal });
      response.writeHead(status).end();
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#rejected.push(`${request.method} ${path}: ${error instanceof Error ? error.message : String(error)}`);
      response.writeHead(400).end();
    }
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) throw new Error(`body over ${BODY_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
