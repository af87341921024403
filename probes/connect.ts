import { isIP, connect as openSocket, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, connect as startTls, type TLSSocket } from 'node:tls';
import { noteCertificate, requireVerified } from './certificate.ts';
import type { Clock } from './clock.ts';
import type { Deadline } from './deadline.ts';
import { ProbeFailure, toProbeFailure } from './failure.ts';
import { catalogueGuard, type DestinationGuard } from './guard/guard.ts';
import { createLocator } from './locate.ts';
import type { ProbeFacts } from './result.ts';

/** Resolves a host name to the one address that will be used. One that has to wait for its turn says so to `turn`. */
export type Lookup = (hostname: string, turn?: LookupTurn) => Promise<{ address: string; family: number }>;

/** What is told to whoever waits for a name. */
export interface LookupTurn {
  waits(): void;
  /** False when nobody waits for the name any more: it is not looked up then. */
  begins(): boolean;
}

/** Where to connect. `tls` is null for a plain connection. */
export interface Endpoint {
  /** Name or address, an IPv6 address without brackets. */
  hostname: string;
  port: number;
  tls: TlsOptions | null;
  /** Address of the server that sent a redirect to here. */
  redirectedFrom?: string | undefined;
}

export interface TlsOptions {
  /** Certificates to trust instead of the system's. */
  ca: string | null;
  insecure: boolean;
  /** Name to ask for and to verify; that of the endpoint by default. */
  serverName?: string | undefined;
  /** Also notes the texts of the certificate. */
  describe?: boolean;
  /** Protocols to offer, none if empty; http/1.1 by default. */
  alpn?: readonly string[];
  /** For protocols that turn to TLS in mid-conversation: asks the server to, on the plain connection. Counted as part of `tls`. */
  prelude?: (socket: Socket, deadline: Deadline) => Promise<void>;
}

/** Seconds, added up over the hops of a run. */
export interface ConnectPhases {
  resolve: number;
  connect: number;
  tls: number;
}

/**
 * Opens a fresh connection and adds what it took to `phases` and `facts` as it goes, so that both are right up to the point of a
 * failure. The certificate is verified before anything is sent, and its expiry is known even when it does not verify.
 * @throws ProbeFailure; no socket is left open.
 */
export type Connector = (
  endpoint: Endpoint,
  run: { deadline: Deadline; phases: ConnectPhases; facts: ProbeFacts },
) => Promise<Socket>;

/** Opens a socket to an address, never to a name. */
export type OpenSocket = (to: { host: string; port: number }) => Socket;

// One address and no second try: the other family answering would hide that this one is broken.
const openPlain: OpenSocket = (to) => openSocket({ ...to, autoSelectFamily: false, noDelay: true });

/**
 * A connector; it keeps the parsed trust stores, and no connection. The guard judges the resolved address, and the connection goes to
 * that very address: a name that resolves to another one a moment later changes nothing.
 */
export function createConnector({
  clock,
  lookup,
  guard = catalogueGuard(),
  open = openPlain,
}: {
  clock: Clock;
  lookup: Lookup;
  guard?: DestinationGuard;
  open?: OpenSocket;
}): Connector {
  const locate = createLocator({ clock, lookup, guard });
  const contexts = new Map<string, SecureContext>();
  const contextFor = (ca: string | null) => {
    const key = ca ?? '';
    const context = contexts.get(key) ?? createSecureContext(ca === null ? {} : { ca });
    contexts.set(key, context);
    return context;
  };

  return async ({ hostname, port, tls, redirectedFrom }, { deadline, phases, facts }) => {
    const timed = async <T>(phase: keyof ConnectPhases, work: Promise<T>): Promise<T> => {
      const startMs = clock.monotonicMs();
      try {
        return await work;
      } catch (error) {
        throw toProbeFailure(error);
      } finally {
        phases[phase] += (clock.monotonicMs() - startMs) / 1_000;
      }
    };
    const resolved = await locate({ hostname, port, redirectedFrom }, { deadline, phases, facts });
    const socket = await timed('connect', dial(deadline, open, resolved.address, port));
    facts.tls = tls !== null;
    if (tls === null) return socket;
    try {
      if (tls.prelude !== undefined) await timed('tls', tls.prelude(socket, deadline));
      const secure = await timed(
        'tls',
        handshake(deadline, socket, tls.serverName ?? hostname, contextFor(tls.ca), tls.alpn),
      );
      noteCertificate(secure, facts, tls.describe ?? false);
      if (!tls.insecure) requireVerified(secure, facts, tls.serverName ?? hostname, clock.now());
      return secure;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };
}

function dial(deadline: Deadline, open: OpenSocket, host: string, port: number): Promise<Socket> {
  return deadline.stage('connecting', (done, fail) => {
    const socket = open({ host, port });
    // Stays for good: a reset between two stages must not end the process.
    socket.on('error', fail);
    socket.once('connect', () => done(socket));
    return () => socket.destroy();
  });
}

/** What OpenSSL says, on either side, when client and server share no version of TLS. */
const NO_COMMON_VERSION: ReadonlySet<string> = new Set([
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_VERSION_TOO_LOW',
]);

function handshake(
  deadline: Deadline,
  socket: Socket,
  hostname: string,
  secureContext: SecureContext,
  alpn: readonly string[] = ['http/1.1'],
) {
  return deadline.stage<TLSSocket>('the TLS handshake', (done, fail) => {
    const secure = startTls({
      socket,
      secureContext,
      host: hostname,
      // Names only: an address is not allowed as server name.
      ...(isIP(hostname) === 0 && { servername: hostname }),
      ...(alpn.length > 0 && { ALPNProtocols: [...alpn] }),
      // Verified by requireVerified, so that the certificate can be read first.
      rejectUnauthorized: false,
    });
    const failTls = (error: NodeJS.ErrnoException) => {
      const reason = NO_COMMON_VERSION.has(error.code ?? '') ? 'tls-version' : 'tls';
      fail(new ProbeFailure(reason, `TLS handshake failed: ${error.code ?? error.message}`, { cause: error }));
    };
    secure.on('error', failTls);
    secure.once('secureConnect', () => done(secure));
    return () => secure.destroy();
  });
}
