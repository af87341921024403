import { expect, test } from 'vitest';
import { trafficPlan } from '../../../scripts/drill/traffic.ts';
import { CLOCK, caseOf } from '../../monitoring/drill/support.ts';

test('a service under test gets as much traffic as its neediest alert, within bounds', () => {
  const errors = caseOf('HighErrorRate');
  const close = { ...errors, nearMiss: { ...errors.fault, share: 0.09 } };
  expect(trafficPlan([caseOf('ServiceDown')], CLOCK)).toEqual({});
  expect(trafficPlan([errors, caseOf('HighLatency')], CLOCK)).toEqual({ 'shop/api': expect.any(Number) });
  expect(trafficPlan([errors], CLOCK)['shop/api']).toBeGreaterThanOrEqual(60);
  expect(trafficPlan([close], CLOCK)['shop/api']).toBe(300);
});
