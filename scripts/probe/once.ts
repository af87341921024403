import { setMaxListeners } from 'node:events';
import { type Clock, systemClock } from '../../probes/clock.ts';
import type { Lookup } from '../../probes/connect.ts';
import { DEFAULT_LIMITS } from '../../probes/context.ts';
import { watchLag } from '../../probes/event-loop-lag.ts';
import { kindOf } from '../../probes/kinds.ts';
import { distrustLagging } from '../../probes/lagging.ts';
import type { ProbeResult } from '../../probes/result.ts';
import { createLimiter } from '../../probes/schedule/limiter.ts';
import { DEFAULT_CAPS } from '../../probes/schedule/scheduler.ts';
import { systemContext, systemLookup } from '../../probes/system-context.ts';
import { leftOutOfOneShot, type ProbeTarget, planTargets } from '../../probes/target.ts';
import type { AddressBook, Catalogue } from '../../thresholds/model.ts';
import { type Outcome, worstOutcome } from '../../thresholds/outcome.ts';
import { counted } from '../output.ts';

/** What one run of one target found; also a row of `firedrill probe --once --json`. */
export interface ProbeOnceResult extends ProbeResult {
  /** `<system>/<service>` */
  target: string;
  kind: string;
}

export interface ProbeOnceOptions {
  catalogue: Catalogue;
  addresses: AddressBook;
  /** Certificates to trust for services that name none of their own. */
  caFile?: string | null | undefined;
  /** Ends all runs; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
  clock?: Clock;
  env?: Readonly<Record<string, string | undefined>>;
  lookup?: Lookup;
}

/** At once: fewer than the scheduler's cap, since here all targets are due together and would slow one another. */
const CONCURRENCY = 50;

/**
 * Probes every target of a catalogue once, but those that one look cannot judge.
 * @returns one result a target, in the order of the catalogue.
 * @throws Error that lists every service without a usable address.
 */
export async function runProbeOnce({
  catalogue,
  addresses,
  caFile = null,
  signal = new AbortController().signal,
  clock = systemClock(),
  env = process.env,
  lookup = systemLookup,
}: ProbeOnceOptions): Promise<ProbeOnceResult[]> {
  const targets = planTargets(catalogue, addresses, { caFile, oneShot: true });
  const context = systemContext(clock, env, lookup);
  const limiter = createLimiter({ total: CONCURRENCY, perHost: DEFAULT_CAPS.perHost });
  const lag = watchLag(clock);
  // One listener for each run under way.
  setMaxListeners(0, signal);
  const probe = async (target: ProbeTarget): Promise<ProbeOnceResult> => {
    const { host } = new URL(target.url);
    await new Promise<void>((resolve) => limiter.acquire(host, resolve));
    const look = kindOf(target.spec).create(context, target);
    try {
      const startMs = clock.monotonicMs();
      const seen = await look.run({ ...DEFAULT_LIMITS, signal });
      const result = distrustLagging(seen, lag.worstSinceMs(startMs), target.spec.timeoutMs);
      return { target: target.id, kind: target.spec.kind, ...result };
    } finally {
      limiter.release(host);
      await look.close?.();
    }
  };
  const runs = targets.map(probe);
  try {
    return await Promise.all(runs);
  } finally {
    // An interrupt rejects the first; the others may still have sessions to end at their servers.
    await Promise.allSettled(runs);
    lag.stop();
  }
}

/** Which targets of a catalogue a run of seconds leaves out, and why; null for none. */
export function describeLeftOut(catalogue: Catalogue): string | null {
  const { length } = leftOutOfOneShot(catalogue);
  if (length === 0) return null;
  return `${counted(length, 'heartbeat')} left out: only a running prober hears ${length === 1 ? 'it' : 'them'}`;
}

/** What a single look at every target amounts to; `inconclusive` where there was none to look at. A failure is `fail`, a run that could not judge is `inconclusive`. */
export function probeOnceOutcome(results: readonly Pick<ProbeOnceResult, 'outcome'>[]): Outcome {
  const outcomes = { success: 'pass', failure: 'fail', unknown: 'inconclusive' } as const;
  return worstOutcome(results.map(({ outcome }) => ({ outcome: outcomes[outcome] })));
}
