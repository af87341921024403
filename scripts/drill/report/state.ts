import type { SyntheticCase } from '../../../monitoring/drill/synthetic/case.ts';
import { CONTROL_NAME } from '../../../monitoring/drill/synthetic/control.ts';
import type { Expectation } from '../../../monitoring/drill/synthetic/expect.ts';
import type { ObservedCase } from '../../../monitoring/drill/synthetic/result.ts';
import type { DrillProgress, DrillState } from '../progress.ts';

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

/** How far every alert of a wave has got; the rule that is broken on purpose is left out. */
export function syntheticSteps(
  seen: ReadonlyMap<SyntheticCase, ObservedCase>,
  due: ReadonlyMap<SyntheticCase, Expectation>,
  nowMs: number,
): DrillProgress[] {
  const startMs = Math.min(...[...due.values()].map(({ liveMs }) => liveMs));
  return [...seen].flatMap(([each, observed]): DrillProgress[] => {
    const { rule } = each;
    const expected = due.get(each);
    if (expected === undefined || rule.name === CONTROL_NAME) return [];
    const name = `${rule.labels.system ?? rule.group}/${rule.name}`;
    return [
      { case: name, state: syntheticState(expected, observed, nowMs), seconds: Math.max(0, nowMs - startMs) / 1_000 },
    ];
  });
}
