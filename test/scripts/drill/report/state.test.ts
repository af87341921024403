import { expect, test } from 'vitest';
import type { DrillState } from '../../../../scripts/drill/progress.ts';
import { syntheticState } from '../../../../scripts/drill/report/state.ts';

const EXPECTED = {
  faultOnMs: 1_000,
  faultOffMs: 5_000,
  destinations: [
    { receiver: 'slack', sendsResolved: false, groupKey: '', groupWaitMs: 0, groupIntervalMs: 0, repeatIntervalMs: 0 },
    { receiver: 'pager', sendsResolved: true, groupKey: '', groupWaitMs: 0, groupIntervalMs: 0, repeatIntervalMs: 0 },
  ],
};
const told = (receiver: string, status: 'firing' | 'resolved' = 'firing') => ({ receiver, status, atMs: 4_000 });
const NOTHING = { pendingAtMs: null, firingAtMs: null, resolvedAtMs: null, deliveries: [] };
const FIRING = { ...NOTHING, pendingAtMs: 2_000, firingAtMs: 3_000, resolvedAtMs: 5_500 };
const DELIVERED = { ...FIRING, deliveries: [told('slack'), told('pager')] };

test.each<[DrillState, number, Parameters<typeof syntheticState>[1]]>([
  ['waiting', 500, NOTHING],
  ['fault on', 1_500, NOTHING],
  ['pending', 2_500, { ...NOTHING, pendingAtMs: 2_000 }],
  ['firing', 4_500, { ...FIRING, deliveries: [told('slack')] }],
  ['delivered', 4_500, DELIVERED],
  ['resolving', 5_200, DELIVERED],
  ['resolving', 6_000, DELIVERED],
  ['resolved', 6_000, { ...DELIVERED, deliveries: [...DELIVERED.deliveries, told('pager', 'resolved')] }],
])('%s at %i ms', (state, nowMs, seen) => {
  expect(syntheticState(EXPECTED, seen, nowMs)).toBe(state);
});
