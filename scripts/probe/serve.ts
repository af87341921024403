import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HarnessError } from '../process/harness-error.ts';
import { UsageError } from '../usage-error.ts';
import { type Guard, listenTo } from './listener.ts';
import type { RouteContext } from './routes/route.ts';
import { routesOf } from './routes.ts';

export interface ServeProbesOptions extends RouteContext {
  /** `host:port`; loopback and a free port by default. */
  listen?: string;
  /** Asked before every route that is not open. Default: everyone may look. */
  guard?: Guard;
  /** For what a route throws. Default: nobody is told. */
  onError?: (error: unknown, path: string) => void;
}

export interface ProbeServer {
  /** `http://127.0.0.1:4321` */
  url: string;
  stop(): Promise<void>;
}

/** A request that takes longer to arrive, or whose head is larger, is cut off. */
const REQUEST_LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16 * 1024 };

/**
 * Serves the pages of the prober.
 * @throws UsageError for an address that is none, HarnessError when it cannot be listened on.
 */
export async function serveProbes({
  listen = '127.0.0.1:0',
  guard = () => null,
  onError = () => {},
  ...context
}: ServeProbesOptions): Promise<ProbeServer> {
  const { host, port } = parseListen(listen);
  const server = createServer(REQUEST_LIMITS, listenTo(routesOf(context), { guard, onError }));
  await startListening(server, host, port);
  const { address, port: taken, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Host and port of a `--listen` address; loopback where it names no host.
 * @throws UsageError
 */
export function parseListen(listen: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(listen);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new UsageError(`--listen ${listen} is no address`, 'give host:port, such as 127.0.0.1:9115 or [::1]:0');
  }
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port };
}

function startListening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new HarnessError(`cannot serve the probes' metrics on ${host}:${port}`, {
          reason: error.code === 'EADDRINUSE' ? 'the port is taken' : error.message,
          hint: 'choose another with --listen, or port 0 for a free one',
          cause: error,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
}
