import type { DrillClock } from '../../monitoring/drill/clock.ts';
import type { Responsibility } from '../../monitoring/drill/explain.ts';
import type { Fleet } from '../fleet/fleet-types.ts';
import type { Gate } from './gate.ts';
import type { LagMeter } from './lag.ts';
import type { Pair } from './pair.ts';
import type { DrillState } from './progress.ts';
import type { AlertWatch } from './watch.ts';

/** What all cases of one drill share. */
export interface DrillSession {
  readonly fleet: Fleet;
  readonly pair: Pair;
  readonly clock: DrillClock;
  readonly watch: AlertWatch;
  readonly lag: LagMeter;
  readonly gate: Gate;
  /** Which case answers for which time, for alerts that nothing explains. */
  readonly responsibilities: Responsibility[];
  readonly signal: AbortSignal;
  report(id: string, state: DrillState): void;
}
