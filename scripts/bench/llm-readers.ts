import { connect } from 'node:net';
import { systemClock } from '../../probes/clock.ts';
import { createConnector } from '../../probes/connect.ts';
import { DEFAULT_LIMITS } from '../../probes/context.ts';
import { startDeadline } from '../../probes/deadline.ts';
import { LLM_DIALECTS } from '../../probes/kinds/llm/dialects.ts';
import { streamCompletion } from '../../probes/kinds/llm/stream.ts';
import { systemLookup } from '../../probes/system-context.ts';
import { HarnessError } from '../process/harness-error.ts';
import { machineMs } from './machine-clock.ts';

/** What a client measured of one stream. Milliseconds. */
export interface Measured {
  firstTokenMs: number;
  interTokenMs: number;
  gapsMs: readonly number[];
}

/** Reads one stream of the server on this port. */
export type Reader = (port: number, name: string, signal: AbortSignal) => Promise<Measured>;

const clock = { ...systemClock(), monotonicMs: machineMs };
const openConnection = createConnector({ clock, lookup: systemLookup });
const BODY = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: 'Hello' }], stream: true });
const TIMEOUT_MS = 30_000;

/** The client of the llm probe. */
export const ours: Reader = async (port, name, signal) => {
  const deadline = startDeadline(clock, TIMEOUT_MS, signal);
  const phases = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
  try {
    const socket = await openConnection({ hostname: '127.0.0.1', port, tls: null }, { deadline, phases, facts: {} });
    const timeline = await streamCompletion(
      {
        socket,
        path: `/${name}`,
        headers: { host: 'bench', 'content-type': 'application/json', 'content-length': String(BODY.length) },
        body: BODY,
        bodyLimitBytes: DEFAULT_LIMITS.bodyLimitBytes,
        dialect: LLM_DIALECTS.openai,
        firstTokenWithinMs: TIMEOUT_MS,
        gapWithinMs: TIMEOUT_MS,
        conceal: (text) => text,
      },
      { clock, deadline, phases },
      { timeline: null, billable: false, retryAfter: undefined, status: 0 },
    );
    const { firstTokenSeconds = Number.NaN, interTokenSeconds = Number.NaN } = timeline.facts();
    return {
      firstTokenMs: firstTokenSeconds * 1_000,
      interTokenMs: interTokenSeconds * 1_000,
      gapsMs: timeline.gapsMs,
    };
  } finally {
    deadline.close();
  }
};

/** The least that can time a stream in Node: a socket, and the time of every chunk that holds a token. It understands nothing. */
export const bareReader: Reader = (port, name, signal) =>
  new Promise((resolve, reject) => {
    const arrivals: number[] = [];
    let sentMs = 0;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const stop = () => socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', stop));
    socket.once('connect', () => {
      sentMs = machineMs();
      socket.write(`POST /${name} HTTP/1.1\r\nhost: bench\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`);
    });
    socket.on('data', (chunk) => {
      const atMs = machineMs();
      for (let at = chunk.indexOf('word '); at >= 0; at = chunk.indexOf('word ', at + 1)) arrivals.push(atMs);
    });
    socket.once('error', reject);
    socket.once('end', () => {
      const [first = Number.NaN] = arrivals;
      const last = arrivals.at(-1) ?? Number.NaN;
      if (arrivals.length < 2) return reject(new HarnessError('the bare reader saw no stream', { reason: name }));
      resolve({
        firstTokenMs: first - sentMs,
        interTokenMs: (last - first) / (arrivals.length - 1),
        gapsMs: arrivals.slice(1).map((ms, index) => ms - (arrivals[index] ?? ms)),
      });
    });
  });
