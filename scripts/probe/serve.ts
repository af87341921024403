import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DeliveryStats } from '../../probes/delivery/sink.ts';
import { ownLines } from '../../probes/metrics/own.ts';
import { renderText, TEXT_CONTENT_TYPE } from '../../probes/metrics/text.ts';
import type { ProbeRunner } from '../../probes/runner.ts';
import { HarnessError } from '../process/harness-error.ts';
import { UsageError } from '../usage-error.ts';

export interface ServeProbesOptions {
  runner: Pick<ProbeRunner, 'registry' | 'skipped' | 'lagSeconds'>;
  /** `host:port`; loopback and a free port by default. */
  listen?: string;
  /** Of the sink, where samples are pushed as well. */
  delivery?: () => DeliveryStats;
}

export interface ProbeServer {
  /** `http://127.0.0.1:4321` */
  url: string;
  stop(): Promise<void>;
}

/**
 * Serves /metrics for those who pull, /-/healthy and /-/ready.
 * @throws UsageError for an address that is none, HarnessError when it cannot be listened on.
 */
export async function serveProbes({
  runner,
  listen = '127.0.0.1:0',
  delivery,
}: ServeProbesOptions): Promise<ProbeServer> {
  const { host, port } = parseListen(listen);
  const server = createServer(
    route({
      '/metrics': async (_, response) => {
        response.writeHead(200, { 'content-type': TEXT_CONTENT_TYPE });
        const own = ownLines({
          skipped: runner.skipped,
          lagSeconds: runner.lagSeconds(),
          delivery: delivery?.() ?? null,
        });
        // A client that leaves in the middle is no error of ours.
        await pipeline(Readable.from(renderText(runner.registry, own)), response).catch(() => {});
      },
      '/-/healthy': (_, response) => void response.end('firedrill is healthy\n'),
      '/-/ready': (_, response) => void response.end('firedrill is ready\n'),
    }),
  );
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

function route(pages: Readonly<Record<string, RequestListener>>): RequestListener {
  return (request, response) => {
    const page = pages[new URL(request.url ?? '/', 'http://host').pathname];
    if (page === undefined) response.writeHead(404).end('not found\n');
    else if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405, { allow: 'GET' }).end();
    else page(request, response);
  };
}

function parseListen(listen: string): { host: string; port: number } {
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
