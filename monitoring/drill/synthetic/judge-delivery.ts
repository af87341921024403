import { formatDuration } from '../../../thresholds/units.ts';
import { type Finding, firstDeliveries } from '../findings.ts';
import type { Expectation } from './expect.ts';
import type { ObservedCase } from './result.ts';

/** Notifications are stamped on arrival, evaluations by their ideal time: this much may lie between the two clocks. */
const CLOCK_TOLERANCE_MS = 50;

/** Delivered to exactly the receivers that the routes name, in time. */
export function judgeDelivery({ destinations, delivered, faultOnMs }: Expectation, seen: ObservedCase): Finding[] {
  if (seen.firingAtMs === null) return [];
  const first = firstDeliveries(seen, 'firing');
  const receivers = destinations.map(({ receiver }) => receiver);
  const strangers = [...first.keys()].filter((receiver) => !receivers.includes(receiver)).toSorted();
  const got = [...first.keys()].toSorted().join(', ');
  if (strangers.length > 0) {
    const expected = receivers.join(', ') || 'nobody';
    return [{ text: `wrong receiver: delivered to ${got}, expected ${expected}`, excusable: false }];
  }
  if (delivered === null)
    return [{ text: 'missed: the routes give it to no receiver that notifies anybody', excusable: false }];
  const missing = receivers.filter((receiver) => !first.has(receiver));
  if (missing.length === receivers.length) return [excusable('missed: it fired, but no receiver was told')];
  if (missing.length > 0) return [excusable(`wrong receiver: ${missing.join(', ')} was not told`)];
  for (const { receiver, groupWaitMs } of destinations) {
    const waited = (first.get(receiver) ?? 0) - seen.firingAtMs;
    if (seen.groupSinceMs != null || waited >= groupWaitMs - CLOCK_TOLERANCE_MS) continue;
    const text = `early: ${receiver} was told ${formatDuration(Math.max(0, waited))} after firing, group wait is ${formatDuration(groupWaitMs)}`;
    return [excusable(text)];
  }
  const slowest = Math.max(...first.values());
  if (slowest <= delivered[1]) return [];
  const [took, most] = [slowest - faultOnMs, delivered[1] - faultOnMs].map(formatDuration);
  return [excusable(`late: delivered ${took} after its fault, at most ${most} predicted`)];
}

/** Resolved in time once the fault was over, and every receiver that wants to know told so. */
export function judgeEnd({ resolved, resolvedDelivered, destinations }: Expectation, seen: ObservedCase): Finding[] {
  const { resolvedAtMs } = seen;
  if (resolved === null || resolvedAtMs === null) return [];
  const off = Math.abs(resolvedAtMs - (resolved[0] + resolved[1]) / 2);
  if (resolvedAtMs < resolved[0])
    return [excusable(`early: resolved ${formatDuration(off)} before the predicted time`)];
  if (resolvedAtMs > resolved[1])
    return [excusable(`not resolved: still firing ${formatDuration(off)} after the predicted end`)];
  const told = firstDeliveries(seen, 'resolved');
  const wanting = destinations.filter(({ sendsResolved }) => sendsResolved).map(({ receiver }) => receiver);
  const untold = wanting.filter((receiver) => !told.has(receiver));
  if (untold.length > 0) return [excusable(`not resolved: ${untold.join(', ')} was not told that it is over`)];
  const unwanted = [...told.keys()].filter((receiver) => !wanting.includes(receiver));
  if (unwanted.length > 0)
    return [excusable(`wrong receiver: ${unwanted.join(', ')} was told of an end that it does not take`)];
  const latest = Math.max(...told.values(), 0);
  if (resolvedDelivered === null || latest <= resolvedDelivered[1]) return [];
  return [excusable(`late: told of the end ${formatDuration(latest - resolvedDelivered[1])} after the predicted time`)];
}

function excusable(text: string): Finding {
  return { text, excusable: true };
}
