import { receiversOf } from '../../../monitoring/audit/mutants/alertmanager/evaluate.ts';
import type { SyntheticCase } from '../../../monitoring/drill/synthetic/case.ts';
import type { Placement } from '../../../monitoring/drill/synthetic/clock.ts';
import { type Expectation, expectation } from '../../../monitoring/drill/synthetic/expect.ts';
import type { DrillRoutes } from '../../../monitoring/drill/synthetic/routes.ts';
import type { AttachedOptions, AttachedPlan } from './types.ts';

/** Looks and posts that are under way. */
const LOOK_SLACK_MS = 2_500;

/** A case on the wall clock. */
export interface Placed {
  readonly played: SyntheticCase;
  readonly placement: Placement;
  readonly expected: Expectation;
}

/** When a case must show what, on a pair that is looked at from outside. */
export function place(
  played: SyntheticCase,
  placement: Placement,
  plan: AttachedPlan,
  options: AttachedOptions,
): Placed {
  const expected = expectation(played, placement, routesAsSeen(plan, options));
  // Each recording rule on the way is evaluated at a moment of its own.
  const spreadMs = (played.units.length - 1) * played.clock.wallEvaluationMs + LOOK_SLACK_MS;
  const later = <S extends readonly [number, number] | null>(span: S) =>
    span === null ? span : ([span[0], span[1] + spreadMs] as const);
  return {
    played,
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
function routesAsSeen(plan: AttachedPlan, { webhook }: AttachedOptions): DrillRoutes {
  const { routes, externalLabels, silenced } = plan;
  const listened = silenced ? undefined : webhook?.receiver;
  return {
    ...routes,
    destinations: (labels) => {
      const all = { ...externalLabels, ...labels };
      const own = routes.destinations(all).filter(({ receiver }) => receiver === listened);
      const others = receiversOf(routes.routing, all).filter((receiver) => receiver !== listened);
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
