import type { Outcome } from '../../../thresholds/outcome.ts';
import type { DrillMode } from '../../../thresholds/verdict.ts';
import type { Delivery } from '../judge.ts';
import type { Expectation } from './expect.ts';

/** All that was planned and seen of one alert; every moment in Unix milliseconds of the wall clock. */
export interface DrillCaseResult {
  readonly id: string;
  readonly alert: string;
  readonly file: string;
  readonly line: number;
  readonly group: string;
  readonly system: string;
  readonly severity: string;
  readonly mode: DrillMode;
  /** How many times faster than real time, and what kept it from being faster. */
  readonly factor: number;
  readonly limitedBy: string;
  readonly wallEvaluationMs: number;
  /** What the same drill would take in real time, from the fault to the end. */
  readonly realTimeMs: number;
  /** Null where it never came to be played. */
  readonly expected: Expectation | null;
  readonly observed: ObservedCase | null;
  /** What of the drill was left out, and why. */
  readonly limits: readonly string[];
  readonly attempts: number;
  readonly outcome: Outcome;
  readonly reason: string;
}

/** What an alert did. */
export interface ObservedCase {
  /** First pending and first firing evaluation, and the first that found it inactive again. */
  readonly pendingAtMs: number | null;
  readonly firingAtMs: number | null;
  readonly resolvedAtMs: number | null;
  /** Since when another alert was on that Alertmanager tells together with this one; null: none was, and it waits for the whole group wait. */
  readonly groupSinceMs?: number | null;
  /** Of the fault's alert, in the order of arrival. */
  readonly deliveries: readonly Delivery[];
  /** Null where there is no near miss, or no healthy control. */
  readonly nearMissSilent: boolean | null;
  readonly healthySilent: boolean | null;
  /** Other alerts that its series fired. */
  readonly others: readonly OtherAlert[];
}

/** An alert that the series of a case fired beside its own. */
export interface OtherAlert {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The script whose series did it. */
  readonly script: string;
  readonly firingAtMs: number;
  /** Whether its own rule says that it should. */
  readonly expected: boolean;
}
