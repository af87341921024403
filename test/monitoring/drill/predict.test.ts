import { describe, expect, test } from 'vitest';
import { holdMs } from '../../../monitoring/drill/clock.ts';
import { neededRequests } from '../../../monitoring/drill/onset.ts';
import { type Prediction, predict, SLACK_MS } from '../../../monitoring/drill/predict.ts';
import { CLOCK, caseOf } from './support.ts';

function prediction(alert: string, requestsPerSecond: number | null, groupKnown = false): Prediction {
  const result = predict({
    drillCase: caseOf(alert),
    clock: CLOCK,
    health: { requestsPerSecond, lookMs: null },
    groupKnown,
  });
  if ('impossible' in result) throw new Error(result.impossible);
  return result;
}

test.each([
  ['nothing', 0, 0],
  ['a part of one evaluation', 6_000, 250],
  ['exactly one evaluation', 15_000, 250],
  ['a little more than one', 15_060, 500],
])('`for` of %s is held for whole evaluations', (_, forMs, held) => {
  expect(holdMs({ forMs }, CLOCK)).toBe(held);
});

test('a target that is down: two scrapes, one evaluation, `for`, group wait', () => {
  const { deliveryMs, firingMs, resolvedMs } = prediction('ServiceDown', null);
  expect(firingMs).toBe(500 + 1_000 + 250 + SLACK_MS);
  expect(deliveryMs).toEqual([1_000 + 500, firingMs + 500]);
  expect(resolvedMs).toBe(500 + 250 + SLACK_MS);
});

test('a group that Alertmanager still knows waits for its interval instead', () => {
  const { deliveryMs, firingMs } = prediction('ServiceDown', null, true);
  expect(deliveryMs).toEqual([1_000, firingMs + 5_000]);
});

describe('the time until a share crosses its limit', () => {
  test('is about limit / share of the window when there is much traffic', () => {
    // 10 % of a window of 5 s at a fault of 40 %: 1.25 s; the rest is chance, requests under way, and scrapes.
    const onset = prediction('HighErrorRate', 100_000).firingMs - 2_000 - 250 - SLACK_MS;
    expect(onset).toBeGreaterThan(1_250);
    expect(onset).toBeLessThan(1_250 + 250 + 500 + 500 + 50);
  });

  test('is longer with less traffic, where chance weighs more', () => {
    expect(prediction('HighErrorRate', 20).firingMs).toBeGreaterThan(prediction('HighErrorRate', 200).firingMs);
  });

  test('starts with the delay of a slow answer', () => {
    expect(prediction('HighLatency', 100_000).firingMs).toBeGreaterThan(700 + 250 + 5_000);
  });

  test('is never, when the fault is weaker than the limit', () => {
    const drillCase = caseOf('HighErrorRate');
    const fault = { ...drillCase.fault, share: 0.05 };
    const result = predict({
      drillCase: { ...drillCase, fault },
      clock: CLOCK,
      health: { requestsPerSecond: 100, lookMs: null },
      groupKnown: false,
    });
    expect(result).toEqual({ impossible: expect.stringContaining('never brings the share above 0.1') });
  });
});

test.each(['HighErrorRate', 'HighLatency', 'LLMProviderError'])('%s cannot be predicted without traffic', (alert) => {
  const result = predict({
    drillCase: caseOf(alert),
    clock: CLOCK,
    health: { requestsPerSecond: 0, lookMs: null },
    groupKnown: false,
  });
  expect(result).toEqual({ impossible: expect.stringContaining('was seen in health') });
});

test.each([
  ['a near miss close to the limit needs many requests', 'HighErrorRate', 0.09, 13_000],
  ['one far from it needs few', 'HighErrorRate', 0.01, 100],
])('%s', (_, alert, share, atMost) => {
  const { sight, fault } = caseOf(alert);
  if (sight.by !== 'scrapes') throw new Error('seen by a probe');
  const needed = neededRequests(sight.condition, fault, { ...fault, share });
  expect(needed).toBeLessThanOrEqual(atMost * 1.1);
  expect(needed).toBeGreaterThan(atMost * 0.2);
});
