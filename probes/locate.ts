import { isIP } from 'node:net';
import type { Clock } from './clock.ts';
import type { ConnectPhases, Endpoint, Lookup, LookupTurn } from './connect.ts';
import type { Deadline } from './deadline.ts';
import { ProbeFailure } from './failure.ts';
import { catalogueGuard, type DestinationGuard } from './guard/guard.ts';
import type { ProbeFacts } from './result.ts';

/**
 * Finds the one address to talk to, judged by the guard. For protocols without a connection; the others have the connector do it.
 * @throws ProbeFailure dns, timeout, denied, redirect.
 */
export type Locator = (
  to: Pick<Endpoint, 'hostname' | 'port' | 'redirectedFrom'>,
  run: { deadline: Deadline; phases: Pick<ConnectPhases, 'resolve'>; facts: ProbeFacts },
) => Promise<{ address: string; family: number }>;

/** A locator; the time that name resolution takes is added to `resolve`. */
export function createLocator({
  clock,
  lookup,
  guard = catalogueGuard(),
}: {
  clock: Clock;
  lookup: Lookup;
  guard?: DestinationGuard;
}): Locator {
  return async ({ hostname, port, redirectedFrom = null }, { deadline, phases, facts }) => {
    const turn = watchTurn(clock);
    const found = await resolve(deadline, lookup, hostname, turn).finally(() => {
      if (isIP(hostname) === 0) phases.resolve += turn.lookedUpMs() / 1_000;
      turn.over();
    });
    facts.ipProtocol = found.family;
    facts.ipAddress = found.address;
    const problem = guard({ hostname, port, address: found.address, redirectedFrom });
    if (problem !== null) {
      throw new ProbeFailure(redirectedFrom === null ? 'denied' : 'redirect', `not probed: ${hostname} ${problem}`);
    }
    return found;
  };
}

async function resolve(deadline: Deadline, lookup: Lookup, hostname: string, turn: WatchedTurn) {
  const family = isIP(hostname);
  if (family !== 0) return { address: hostname, family };
  try {
    return await deadline.stage<{ address: string; family: number }>('name resolution', (done, fail) => {
      lookup(hostname, turn).then(done, (error: NodeJS.ErrnoException) =>
        fail(new ProbeFailure('dns', `cannot resolve ${hostname} (${error.code ?? error.message})`)),
      );
      return () => {};
    });
  } catch (error) {
    if (!turn.isWaiting() || !(error instanceof ProbeFailure) || error.reason !== 'timeout') throw error;
    throw new ProbeFailure('own-resources', `the name ${hostname} had no turn: this prober waits for too many others`);
  }
}

interface WatchedTurn extends LookupTurn {
  isWaiting(): boolean;
  /** The time that a name waits for its turn is no time of the name server's. */
  lookedUpMs(): number;
  /** Nobody waits for the name any more. */
  over(): void;
}

function watchTurn(clock: Clock): WatchedTurn {
  let startMs = clock.monotonicMs();
  let waiting = false;
  let over = false;
  return {
    waits() {
      waiting = true;
    },
    begins() {
      waiting = false;
      startMs = clock.monotonicMs();
      return !over;
    },
    isWaiting: () => waiting,
    lookedUpMs: () => (waiting ? 0 : clock.monotonicMs() - startMs),
    over() {
      over = true;
    },
  };
}
