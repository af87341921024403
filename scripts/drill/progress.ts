import type { Outcome } from '../../thresholds/outcome.ts';

/** Where a case stands. `again`: the harness lagged, so it is tried once more. */
export type DrillState =
  | 'waiting'
  | 'near miss'
  | 'fault on'
  | 'pending'
  | 'firing'
  | 'delivered'
  | 'resolving'
  | 'resolved'
  | 'again'
  | Outcome;

/** One step of a drill, for a live table. */
export interface DrillProgress {
  /** `<system>/<alert>`; `healthy period` before the first case. */
  case: string;
  state: DrillState;
  /** Since the drill began. */
  seconds: number;
}
