import { expect, test } from 'vitest';
import type { DrillCaseResult } from '../../../../monitoring/drill/synthetic/result.ts';
import { detectionHistogram, longDuration, realTimeCost } from '../../../../scripts/drill/report/real-time.ts';
import { withTimelines } from '../../../../scripts/drill/report/record.ts';
import { timelineOfCase, timelineOfRow } from '../../../../scripts/drill/report/timeline.ts';
import { drillOf } from './cases.ts';

const DESTINATION = {
  receiver: 'slack',
  sendsResolved: true,
  groupKey: '',
  groupWaitMs: 0,
  groupIntervalMs: 0,
  repeatIntervalMs: 0,
};
const RESULT: DrillCaseResult = {
  id: 'a',
  alert: 'ServiceDown',
  file: 'a.yml',
  line: 3,
  group: 'shop',
  system: 'shop',
  severity: 'critical',
  mode: 'full',
  factor: 60,
  limitedBy: 'for',
  wallEvaluationMs: 200,
  realTimeMs: 300_000,
  expected: {
    liveMs: 9_000,
    faultOnMs: 10_000,
    faultOffMs: 13_000,
    endMs: 16_000,
    pending: [10_100, 10_500],
    firing: [11_100, 11_500],
    holdMs: [900, 1_100],
    resolved: [13_000, 13_400],
    destinations: [DESTINATION],
    delivered: [11_500, 12_900],
    resolvedDelivered: null,
  },
  observed: {
    pendingAtMs: 10_200,
    firingAtMs: 11_200,
    resolvedAtMs: 13_200,
    deliveries: [
      { receiver: 'slack', status: 'firing', atMs: 11_600 },
      { receiver: 'slack', status: 'firing', atMs: 12_600 },
    ],
    nearMissSilent: true,
    healthySilent: true,
    others: [],
  },
  limits: [],
  attempts: 1,
  outcome: 'pass',
  reason: '',
};

test('the course of a case counts from its fault', () => {
  expect(timelineOfCase(RESULT, 'synthetic series')).toMatchObject({
    pending: 0.2,
    firing: 1.2,
    faultEnd: 3,
    resolved: 3.2,
    realTimeSeconds: 300,
    deliveries: [{ receiver: 'slack', status: 'firing', seconds: 1.6 }],
    predicted: { pending: [0.1, 0.5], firing: [1.1, 1.5], delivered: [1.5, 2.9], resolved: [3, 3.4], told: null },
  });
});

test('an alert that still fired at the end did not resolve, and one that was not played has no course', () => {
  const observed = { ...RESULT.observed, resolvedAtMs: 16_100 } as DrillCaseResult['observed'];
  expect(timelineOfCase({ ...RESULT, observed }, 'x').resolved).toBeNull();
  const unplayed = timelineOfCase({ ...RESULT, expected: null, observed: null }, 'x');
  expect(unplayed).toMatchObject({ pending: null, firing: null, realTimeSeconds: null, deliveries: [] });
});

test('detection times and cost are those of production', () => {
  const { verdict, timelines } = drillOf(40);
  const drilled = withTimelines(verdict.alerts, timelines);
  const histogram = detectionHistogram(drilled);
  expect(histogram?.bins.reduce((sum, { count }) => sum + count, 0)).toBe(39);
  expect(histogram?.bins[0]).toEqual({ label: 'up to 2 min', count: 13 });
  expect(histogram?.maxSeconds).toBe(1.4 * 1_500);
  expect(realTimeCost(drilled)).toMatchObject({ alerts: 39, slowest: { seconds: 2_100 } });
});

test('where nothing fired there is neither', () => {
  const { verdict } = drillOf(1);
  const drilled = verdict.alerts.map((row) => ({ row, timeline: timelineOfRow(row) }));
  expect(detectionHistogram(drilled)).toBeNull();
  expect(realTimeCost(drilled)).toBeNull();
});

test.each([
  [0.42, '0.4 s'],
  [59.4, '59 s'],
  [750, '12 min 30 s'],
  [3_600, '1 h'],
  [187_200, '2 d 4 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(longDuration(seconds)).toBe(text);
});
