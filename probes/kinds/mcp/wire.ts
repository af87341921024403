import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectPhases } from '../../connect.ts';
import type { ProbeContext } from '../../context.ts';
import type { Deadline } from '../../deadline.ts';
import { hostAndPort, tlsOptions } from '../../endpoint.ts';
import { ProbeFailure, toProbeFailure } from '../../failure.ts';
import type { ProbeFacts } from '../../result.ts';
import type { ProbeTarget } from '../../target.ts';

/** A request of one step. */
export interface WireRequest {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/** How an answer is taken. */
export interface Reading {
  deadline: Deadline;
  /** Told as soon as the head is there, even when that is after the deadline: see `late`. */
  onHead?: (message: IncomingMessage) => void;
  /** `enough` ends the reading: the rest of a stream is not waited for. */
  onData: (chunk: Buffer) => 'enough' | undefined;
  /** Seconds from the request to the end of the reading, without connecting. Called once, in success and failure. */
  onEnd: (seconds: number) => void;
  /** The deadline ends the waiting, but leaves the request on its way, so that `late` can hear of its head. */
  mayBeLate?: boolean;
}

/** The requests of one run, one after the other, over one connection as long as it lives. */
export interface Wire {
  /** @throws ProbeFailure */
  send(sent: WireRequest, reading: Reading): Promise<IncomingMessage>;
  /** Settles when the head of a request that its deadline overtook was told to `onHead`, or never will be. */
  late(): Promise<void>;
  close(): void;
}

/** Opens no connection yet. Connections are fresh ones, and end with `close`. */
export function openWire(
  { clock, connect, readCa }: Pick<ProbeContext, 'clock' | 'connect' | 'readCa'>,
  target: Pick<ProbeTarget, 'url' | 'tls'>,
  { phases, facts, bodyLimitBytes }: { phases: ConnectPhases; facts: ProbeFacts; bodyLimitBytes: number },
): Wire {
  const url = new URL(target.url);
  const secure = url.protocol === 'https:';
  const endpoint = {
    ...hostAndPort(url, secure ? 443 : 80),
    tls: secure ? tlsOptions({ readCa }, target) : null,
  };
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  let fresh: Socket | undefined;
  agent.createConnection = () => fresh as Socket;
  let late: Promise<void> = Promise.resolve();

  let reading: IncomingMessage | undefined;

  const isIdle = () => Object.values(agent.freeSockets).some((free) => free?.some((socket) => !socket.destroyed));
  const open = async (deadline: Deadline) => {
    if (reading?.complete === false) await ended(clock, reading);
    if (isIdle()) return;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    fresh = await connect(endpoint, { deadline, phases, facts });
    sockets.add(fresh);
  };

  async function attempt(sent: WireRequest, how: Reading): Promise<{ message: IncomingMessage } | 'stale'> {
    if (!isIdle()) await open(how.deadline);
    const startMs = clock.monotonicMs();
    const outgoing = request({
      agent,
      host: url.host,
      method: sent.method,
      path: sent.path,
      headers: { host: url.host, ...sent.headers },
    });
    let told = false;
    late = settled(outgoing, (message) => {
      told = true;
      how.onHead?.(message);
    });
    try {
      const message = await head(outgoing, sent.body, how);
      reading = message;
      await readBody(message, how, bodyLimitBytes);
      return { message };
    } catch (error) {
      // The server closed the connection while nothing was under way: no judgement on it.
      const { code } = error as NodeJS.ErrnoException;
      if (outgoing.reusedSocket && !told && (code === 'ECONNRESET' || code === 'EPIPE')) return 'stale';
      throw toProbeFailure(error);
    } finally {
      how.onEnd((clock.monotonicMs() - startMs) / 1_000);
    }
  }

  return {
    async send(sent, how) {
      let answer = await attempt(sent, how);
      if (answer === 'stale') answer = await attempt(sent, how);
      if (answer === 'stale') throw new ProbeFailure('reset', 'the server closed the connection twice');
      return answer.message;
    },
    late: () => late,
    close() {
      for (const socket of sockets) socket.destroy();
      agent.destroy();
    },
  };
}

/** Time that a server gets to end a stream whose last event it has sent, milliseconds: a new connection costs more. */
const END_GRACE_MS = 10;

function ended(clock: ProbeContext['clock'], message: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(END_GRACE_MS, resolve);
    message.once('close', () => {
      cancel();
      resolve();
    });
  });
}

/** Settles with the head of the answer or the end of the request, whichever comes. */
function settled(outgoing: ClientRequest, onHead: (message: IncomingMessage) => void): Promise<void> {
  return new Promise((resolve) => {
    outgoing.on('error', () => resolve());
    outgoing.once('close', resolve);
    outgoing.once('response', (message) => {
      onHead(message);
      resolve();
    });
  });
}

function head(outgoing: ClientRequest, body: string | null, { deadline, mayBeLate = false }: Reading) {
  return deadline.stage<IncomingMessage>('waiting for the answer', (done, fail) => {
    outgoing.on('error', fail);
    outgoing.once('response', done);
    outgoing.once('upgrade', () => fail(new ProbeFailure('protocol', 'the server switched to another protocol')));
    outgoing.end(body ?? undefined);
    return () => {
      if (!mayBeLate) outgoing.destroy();
    };
  });
}

function readBody(message: IncomingMessage, { deadline, onData }: Reading, limitBytes: number): Promise<void> {
  return deadline.stage<void>('reading the answer', (done, fail) => {
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (onData(chunk) === 'enough') done();
      else if (bytes > limitBytes) {
        fail(new ProbeFailure('body-too-large', `answer of more than ${limitBytes} bytes`));
        message.destroy();
      }
    });
    message.once('end', done);
    message.once('error', fail);
    return () => message.destroy();
  });
}
