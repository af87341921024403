import type { OfLatest, ProbeSpec } from '../thresholds/model.ts';

/** What is remembered of the judged runs of one target to confirm its state: a few numbers, since there are ten thousand. */
export interface Confirmation {
  /** 1 up, 0 down, NaN while neither is known. */
  state: number;
  /** The latest judged runs since the state last changed, newest in the lowest bit: 1 for a failure. */
  failures: number;
  /** How many of those bits stand for a run. */
  seen: number;
}

/** Nothing known yet. */
export function unconfirmed(): Confirmation {
  return { state: Number.NaN, failures: 0, seen: 0 };
}

/** As many runs as a number of 32 bits can hold without its sign; the catalogue allows no more. */
const BITS = 30;

/**
 * Adds a judged run. A first success is believed at once: nothing spoke against it. From then on a state changes when enough of the
 * latest runs contradict it, and the count begins anew with each change, so that one run never serves as evidence for both.
 */
export function confirmState(memory: Confirmation, success: boolean, { fail, recover }: ProbeSpec['confirm']): void {
  memory.failures = ((memory.failures << 1) | (success ? 0 : 1)) & ((1 << BITS) - 1);
  memory.seen = Math.min(BITS, memory.seen + 1);
  if (success) {
    if (Number.isNaN(memory.state) || (memory.state === 0 && isEnough(memory, recover, false))) change(memory, 1);
  } else if (memory.state !== 0 && isEnough(memory, fail, true)) change(memory, 0);
}

function change(memory: Confirmation, state: number): void {
  memory.state = state;
  memory.failures = 0;
  memory.seen = 0;
}

function isEnough({ failures, seen }: Confirmation, { needed, latest }: OfLatest, failed: boolean): boolean {
  const looked = Math.min(seen, latest);
  let failedRuns = 0;
  for (let bits = failures & ((1 << looked) - 1); bits !== 0; bits &= bits - 1) failedRuns += 1;
  return (failed ? failedRuns : looked - failedRuns) >= needed;
}
