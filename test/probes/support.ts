import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../probes/clock.ts';
import type { ProbeContext, ProbeOptions } from '../../probes/context.ts';
import { DEFAULT_LIMITS } from '../../probes/context.ts';
import { kindOf } from '../../probes/kinds.ts';
import type { ProbeResult } from '../../probes/result.ts';
import { systemContext } from '../../probes/system-context.ts';
import type { ProbeTarget } from '../../probes/target.ts';
import { resolveOperations, resolveRouting } from '../../thresholds/load/resolve-routing.ts';
import type {
  Catalogue,
  HttpProbeSpec,
  HttpStep,
  ProbeSpec,
  Service,
  TcpProbeSpec,
  TcpTurn,
  TlsProbeSpec,
  WebsocketProbeSpec,
} from '../../thresholds/model.ts';

/** The timing of every probe spec here. */
export const TIMING = {
  intervalMs: 1_000,
  timeoutMs: 1_000,
  degradedAboveMs: null,
  failAboveMs: null,
  confirm: { fail: { needed: 2, latest: 3 }, recover: { needed: 2, latest: 2 } },
  recheckMs: null,
};

/** Settings of a spec, and of its only step. */
export type HttpChange = Partial<HttpProbeSpec> & Partial<HttpStep>;

/** An http probe that a plain 200 satisfies. */
export function httpSpec({
  steps,
  mustRefuse = false,
  certificate = null,
  exports = [],
  intervalMs,
  timeoutMs,
  degradedAboveMs,
  failAboveMs,
  ...step
}: HttpChange = {}): HttpProbeSpec {
  const timing = { intervalMs, timeoutMs, degradedAboveMs, failAboveMs };
  return {
    kind: 'http',
    steps: steps ?? [httpStep(step)],
    mustRefuse,
    certificate,
    exports,
    ...TIMING,
    ...Object.fromEntries(Object.entries(timing).filter(([, value]) => value !== undefined)),
  };
}

/** A request that a plain 200 satisfies. */
export function httpStep(change: Partial<HttpStep> = {}): HttpStep {
  return {
    name: 'GET /health',
    method: 'GET',
    path: '/health',
    headers: {},
    body: null,
    expect: { status: [200], json: {}, text: null, headers: {} },
    extract: {},
    ...change,
  };
}

/** A tcp probe that a connection satisfies; with `send` or `expectText`, of one turn. */
export function tcpSpec({
  send = null,
  expectText = null,
  ...change
}: Partial<TcpProbeSpec> & Partial<TcpTurn> = {}): TcpProbeSpec {
  return {
    kind: 'tcp',
    dialogue: send === null && expectText === null ? [] : [{ send, expectText }],
    mustRefuse: false,
    ...TIMING,
    ...change,
  };
}

/** A tls probe that a handshake satisfies. */
export function tlsSpec(change: Partial<TlsProbeSpec> = {}): TlsProbeSpec {
  return {
    kind: 'tls',
    startTls: null,
    serverName: null,
    minVersion: null,
    certificate: { validForMs: null, issuer: null, subject: null },
    exports: [],
    ...TIMING,
    ...change,
  };
}

/** A websocket probe that an upgrade and an answered ping satisfy. */
export function websocketSpec(change: Partial<WebsocketProbeSpec> = {}): WebsocketProbeSpec {
  return {
    kind: 'websocket',
    path: '/socket',
    headers: {},
    subprotocol: null,
    send: null,
    expectText: null,
    ping: true,
    ...TIMING,
    ...change,
  };
}

export function target(change: Partial<ProbeTarget> = {}): ProbeTarget {
  return {
    id: 'shop/cart',
    system: 'shop',
    service: 'cart',
    environment: 'test',
    location: '',
    instance: '',
    maintenance: [],
    url: 'http://127.0.0.1:1',
    tls: { caFile: null, insecure: false },
    auth: null,
    spec: httpSpec(),
    ...change,
  };
}

/** One run of a probe made for it alone. */
export async function runOnce(context: ProbeContext, target: ProbeTarget, options: ProbeOptions): Promise<ProbeResult> {
  const probe = kindOf(target.spec).create(context, target);
  try {
    return await probe.run(options);
  } finally {
    await probe.close?.();
  }
}

export const context: ProbeContext = systemContext(systemClock(), { TOKEN: 's3cret' });

export function options(change: Partial<ProbeOptions> = {}): ProbeOptions {
  return { ...DEFAULT_LIMITS, signal: new AbortController().signal, ...change };
}

/** The phases of every result add up to its duration. */
export function unexplainedSeconds(result: ProbeResult): number {
  return result.durationSeconds - Object.values(result.phases).reduce((sum, seconds) => sum + seconds, 0);
}

/** A server on a free port of loopback; ends with its connections when disposed. */
export async function serve(server: Server): Promise<{ port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

export const serveHttp = (listener: RequestListener) => serve(createServer(listener));
export const serveTcp = (onConnection: (socket: Socket) => void) => serve(createTcpServer(onConnection));

/** A port where nothing listens. */
export async function closedPort(): Promise<number> {
  await using server = await serveTcp(() => {});
  return server.port;
}

/** Polls until the condition gives a value. */
export async function until<T>(
  condition: () => Promise<T | undefined> | T | undefined,
  deadlineMs = 10_000,
): Promise<T> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined) return value;
    if (performance.now() > endMs) throw new Error(`not within ${deadlineMs} ms: ${condition}`);
    await delay(20);
  }
}

/** A catalogue of one system, `shop`, as far as the probes read it. */
export function catalogueOf(services: Record<string, ProbeSpec>): Catalogue {
  const place = { file: 'shop.yaml', line: 1, column: 1 };
  return {
    environment: 'test',
    receivers: [],
    muteTimes: [],
    operations: resolveOperations(undefined),
    connectivity: [],
    systems: [
      {
        id: 'shop',
        title: 'Shop',
        team: 'shop',
        alerts: [],
        routing: resolveRouting(undefined),
        place,
        services: Object.entries(services).map(
          ([id, probe], index): Service => ({
            kind: 'exporter',
            id,
            system: 'shop',
            target: `shop/${id}`,
            title: id,
            address: { kind: 'fleet', tls: false },
            port: null,
            scrape: null,
            tls: { caFile: null, insecure: false },
            auth: null,
            probe,
            furtherProbes: new Map(),
            maintenance: [],
            promql: [],
            metrics: [],
            signals: { requests: null, duration: null },
            place: { ...place, line: index + 2 },
          }),
        ),
      },
    ],
  };
}
