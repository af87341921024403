import type { Expectation } from '../../../monitoring/drill/synthetic/expect.ts';
import type { ObservedCase } from '../../../monitoring/drill/synthetic/result.ts';
import type { DrillState } from '../progress.ts';

/** How far an alert has got at a moment, Unix milliseconds. */
export function syntheticState(
  { faultOnMs, faultOffMs, destinations }: Pick<Expectation, 'faultOnMs' | 'faultOffMs' | 'destinations'>,
  {
    pendingAtMs,
    firingAtMs,
    resolvedAtMs,
    deliveries,
  }: Pick<ObservedCase, 'pendingAtMs' | 'firingAtMs' | 'resolvedAtMs' | 'deliveries'>,
  nowMs: number,
): DrillState {
  if (nowMs < faultOnMs && firingAtMs === null) return 'waiting';
  if (firingAtMs === null) return pendingAtMs === null ? 'fault on' : 'pending';
  const told = (status: string) =>
    new Set(deliveries.filter((each) => each.status === status).map((each) => each.receiver));
  const [firing, resolved] = [told('firing'), told('resolved')];
  const everybody = destinations.every(({ receiver }) => firing.has(receiver));
  if (faultOffMs === null || nowMs < faultOffMs) return everybody ? 'delivered' : 'firing';
  const over = destinations.every(({ receiver, sendsResolved }) => !sendsResolved || resolved.has(receiver));
  return over && resolvedAtMs !== null && resolvedAtMs < nowMs ? 'resolved' : 'resolving';
}
