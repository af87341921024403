import { type DrillCase, planDrill } from '../../../monitoring/drill/case.ts';
import type { DrillClock } from '../../../monitoring/drill/clock.ts';
import type { Evidence } from '../../../monitoring/drill/judge.ts';
import { catalogueOf, SHOP } from '../support.ts';

export const CLOCK: DrillClock = { compression: 60, scrapeMs: 250, evaluationMs: 250 };

const plan = planDrill(catalogueOf(SHOP));

/** A case of the shop by the name of its alert. */
export function caseOf(alert: string): DrillCase {
  const found = plan.cases.find((each) => each.alert.name === alert);
  if (found === undefined) throw new Error(`no case ${alert}`);
  return found;
}

/** ServiceDown of the shop as it should go: pending after 200 ms, firing a second later, delivered after the group's wait. */
export function goodEvidence(): Evidence {
  return {
    evaluationMs: 250,
    prediction: {
      holdMs: 1_000,
      firingMs: 2_500,
      groupWaitMs: 500,
      deliveryMs: [1_500, 3_000],
      resolvedMs: 1_500,
      resolvedDeliveryMs: 6_500,
    },
    nearMiss: { fired: false, observedMs: 2_500 },
    faultOn: { beforeMs: 10_000, afterMs: 10_020 },
    faultOff: { beforeMs: 11_900, afterMs: 11_910 },
    episodes: [{ pendingAtMs: 10_200, firingAtMs: 11_200, endedAtMs: 12_200 }],
    deliveries: [
      { receiver: 'email', status: 'firing', atMs: 11_720 },
      { receiver: 'pagerduty', status: 'firing', atMs: 11_725 },
      { receiver: 'email', status: 'resolved', atMs: 16_720 },
      { receiver: 'pagerduty', status: 'resolved', atMs: 16_725 },
    ],
    unexplained: [],
    disturbance: null,
    missedEvaluations: 0,
  };
}
