import type { DrillTimeline } from '../../../../scripts/drill/report/timeline.ts';
import type { AlertRow, Verdict } from '../../../../thresholds/verdict.ts';
import { GOOD } from '../../report/verdict.ts';

const [row] = GOOD.alerts as [AlertRow];

/** A course that is as predicted: pending at 0.4 s, firing at 1.4 s, delivered, resolved. */
export const COURSE: DrillTimeline = {
  system: row.system,
  alert: row.alert,
  fault: row.fault,
  factor: 60,
  limitedBy: 'for of 1m',
  attempts: 1,
  realTimeSeconds: 300,
  pending: 0.4,
  firing: 1.4,
  faultEnd: 3.4,
  resolved: 3.8,
  deliveries: [
    { receiver: 'slack', status: 'firing', seconds: 1.9 },
    { receiver: 'slack', status: 'resolved', seconds: 4.3 },
  ],
  predicted: {
    pending: [0.15, 0.65],
    firing: [1.15, 1.65],
    delivered: [1.55, 2.9],
    resolved: [3.5, 4],
    told: [3.5, 5.2],
  },
  limits: [],
};

/** A drill of `count` alerts of three systems: one missed, one late, one undecided, the others good. */
export function drillOf(count: number): { verdict: Verdict; timelines: DrillTimeline[] } {
  const rows = Array.from({ length: count }, (_, index): AlertRow => {
    const base = {
      ...row,
      alert: `Alert${index}`,
      system: ['shop', 'bank', 'mail'][index % 3] ?? 'shop',
      place: `shop.yaml:${index + 3}`,
    };
    if (index === 0) {
      const unseen = { pendingSeconds: null, detectedSeconds: null, deliveredSeconds: null, resolvedSeconds: null };
      return {
        ...base,
        ...unseen,
        deliveredTo: [],
        outcome: 'fail',
        reason: 'missed: it never fired, expected between 1.2 s and 1.7 s',
      };
    }
    if (index === 1)
      return { ...base, outcome: 'fail', reason: 'late: delivered 4.1 s after its fault, at most 2.9 s predicted' };
    if (index === 2)
      return { ...base, outcome: 'inconclusive', reason: 'undecided after 3 attempts: the machine was busy' };
    return base;
  });
  const timelines = rows.map(({ alert, system, fault }, index): DrillTimeline => {
    const course = { ...COURSE, alert, system, fault, factor: [60, 300, 1_500][index % 3] ?? 60 };
    if (index === 0)
      return { ...course, pending: null, firing: null, resolved: null, deliveries: [], realTimeSeconds: null };
    if (index === 1) return { ...course, deliveries: [{ receiver: 'slack', status: 'firing', seconds: 4.1 }] };
    return { ...course, realTimeSeconds: 300 * (1 + (index % 7)) };
  });
  return { verdict: { ...GOOD, command: 'drill', outcome: 'fail', alerts: rows }, timelines };
}
