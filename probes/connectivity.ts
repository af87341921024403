import type { HostAndPort } from '../thresholds/model.ts';
import type { ProbeContext } from './context.ts';
import { startDeadline } from './deadline.ts';
import type { ProbeReason, ProbeResult } from './result.ts';

/** Tells an outage of the targets from one of the prober's own network. */
export interface ConnectivityGuard {
  /** Whether the prober had a network from `sinceMs` (monotonic) until now. Asks only when nothing recent is known. */
  wasOnline(sinceMs: number): Promise<boolean>;
  /** As last seen; true while nobody had to ask. */
  readonly online: boolean;
}

/** Longest wait for a neighbour: those named are near, and a failing target waits for the answer. */
const TIMEOUT_MS = 2_000;
/** An answer this old still stands: when all targets fail at once, one look serves them. */
const FRESH_MS = 1_000;

/** Failures in which nothing answered. Any answer at all, even a bad one, proves a network. */
const WITHOUT_ANSWER: ReadonlySet<ProbeReason> = new Set(['refused', 'unreachable', 'timeout', 'dns', 'reset']);

/** A guard over addresses of which at least one must take a TCP connection; without any it believes in the network. */
export function createConnectivityGuard(
  { clock, connect }: Pick<ProbeContext, 'clock' | 'connect'>,
  addresses: readonly HostAndPort[],
): ConnectivityGuard {
  let online = true;
  let checkedMs = Number.NEGATIVE_INFINITY;
  let offlineMs = Number.NEGATIVE_INFINITY;
  let checking: Promise<void> | null = null;

  const reaches = async ({ host, port }: HostAndPort) => {
    const deadline = startDeadline(clock, TIMEOUT_MS, new AbortController().signal);
    try {
      const phases = { resolve: 0, connect: 0, tls: 0 };
      const socket = await connect({ hostname: host, port, tls: null }, { deadline, phases, facts: {} });
      socket.destroy();
    } finally {
      deadline.close();
    }
  };
  const check = async () => {
    online = await Promise.any(addresses.map(reaches)).then(
      () => true,
      () => false,
    );
    checkedMs = clock.monotonicMs();
    if (!online) offlineMs = checkedMs;
    checking = null;
  };
  return {
    async wasOnline(sinceMs) {
      if (addresses.length === 0) return true;
      if (clock.monotonicMs() - checkedMs > FRESH_MS) {
        checking ??= check();
        await checking;
      }
      return online && offlineMs < sinceMs;
    },
    get online() {
      return online;
    },
  };
}

/** The result as it may be believed: `unknown` when nothing answered and the prober itself had no network. */
export async function distrustOffline(
  result: ProbeResult,
  guard: ConnectivityGuard,
  startMs: number,
): Promise<ProbeResult> {
  if (result.outcome !== 'failure' || !WITHOUT_ANSWER.has(result.reason)) return result;
  if (await guard.wasOnline(startMs)) return result;
  return {
    ...result,
    outcome: 'unknown',
    reason: 'offline',
    detail: `none of the neighbours that must be reachable took a connection; the probe saw ${result.reason}: ${result.detail}`,
  };
}
