import { receiversOf } from '../../../monitoring/audit/mutants/alertmanager/evaluate.ts';
import type { SyntheticCase } from '../../../monitoring/drill/synthetic/case.ts';
import type { Placement } from '../../../monitoring/drill/synthetic/clock.ts';
import { type Expectation, expectation } from '../../../monitoring/drill/synthetic/expect.ts';
import type { DrillRoutes } from '../../../monitoring/drill/synthetic/routes.ts';
import type { AttachedCase, AttachedPlan } from './types.ts';
import type { Listened } from './watch.ts';

/** Looks and posts that are under way. */
const LOOK_SLACK_MS = 2_500;

/** A case on the wall clock. */
export interface Placed {
  readonly played: SyntheticCase;
  readonly companions: AttachedCase['companions'];
  readonly placement: Placement;
  readonly expected: Expectation;
}

/** When a case must show what, on a pair that is looked at from outside. */
export function place(
  { played, fromMs, companions }: AttachedCase,
  startMs: number,
  plan: AttachedPlan,
  listened: Listened | null,
): Placed {
  const placement = { wallMs: startMs, fromMs, factor: 1 };
  const expected = expectation(played, placement, routesAsSeen(plan, listened));
  // Each recording rule on the way is evaluated at a moment of its own.
  const spreadMs = (played.units.length - 1) * played.clock.wallEvaluationMs + LOOK_SLACK_MS;
  const later = <S extends readonly [number, number] | null>(span: S) =>
    span === null ? span : ([span[0], span[1] + spreadMs] as const);
  return {
    played,
    companions,
    placement,
    expected: {
      ...expected,
      pending: later(expected.pending),
      firing: later(expected.firing) as Expectation['firing'],
      delivered: later(expected.delivered),
      resolved: later(expected.resolved),
      resolvedDelivered: later(expected.resolvedDelivered),
    },
  };
}

/** Who must be told: the receiver that the drill listens for by its routes' own waits; all others as soon as Alertmanager holds the alert. */
function routesAsSeen(plan: AttachedPlan, listened: Listened | null): DrillRoutes {
  const { routes, externalLabels, silenced } = plan;
  const heard = (receiver: string) => !silenced && listened?.to(receiver) === true;
  return {
    ...routes,
    destinations: (labels) => {
      const all = { ...externalLabels, ...labels };
      const own = routes.destinations(all).filter(({ receiver }) => heard(receiver));
      const others = receiversOf(routes.routing, all).filter((receiver) => !heard(receiver));
      return [
        ...own,
        ...others.map((receiver) => {
          const waits = { groupWaitMs: 0, groupIntervalMs: LOOK_SLACK_MS, repeatIntervalMs: 0 };
          return { receiver, sendsResolved: true, groupKey: '', ...waits };
        }),
      ];
    },
  };
}
