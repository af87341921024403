import type { DrillMode } from '../../../thresholds/verdict.ts';
import type { WitnessSeries } from '../../audit/witness/types.ts';
import type { Expr } from '../../promql/ast.ts';
import type { CaseClock } from './clock.ts';
import type { DrillRule } from './rule.ts';
import type { Script } from './script.ts';
import type { RuleUnit } from './units.ts';

/** What promtool predicts of the unscaled alert, in real time from the start of the script. */
export interface CasePrediction {
  /** First evaluation at which the alert is pending; null for one that never is, as with `for: 0`. */
  readonly pendingMs: number | null;
  readonly firingMs: number;
  /** First evaluation at which nothing fires any more; null: not within the time that a drill takes. */
  readonly resolvedMs: number | null;
  /** Label sets that fire, with alertname. */
  readonly labels: readonly Readonly<Record<string, string>>[];
  /** It fires without a gap. */
  readonly steady: boolean;
}

/** An alert that is to be carried from fault to receiver and back, all planned but the wall clock. */
export interface SyntheticCase {
  readonly id: string;
  readonly rule: DrillRule;
  /** The unit of its alert, and those of all that it reads. */
  readonly unit: RuleUnit;
  readonly units: readonly RuleUnit[];
  readonly mode: DrillMode;
  readonly clock: CaseClock;
  /** The fault, and where the alert has them: near miss and healthy control. */
  readonly scripts: readonly Script[];
  /** When fault begins and ends, in real time from the start of the script; no end where it is not seen to resolve. */
  readonly onMs: number;
  readonly offMs: number | null;
  /** Series lie in the past before this moment; from here on rules run. */
  readonly liveFromMs: number;
  readonly endMs: number;
  readonly prediction: CasePrediction;
  /** What of the drill is left out, and why; empty for a whole one. */
  readonly limits: readonly string[];
  /** It fires from the moment on at which its rule is loaded, whatever there is. */
  readonly always: boolean;
}

/** An alert that cannot be drilled, and why. */
export interface Undrillable {
  readonly rule: DrillRule;
  readonly outcome: 'fail' | 'inconclusive';
  readonly reason: string;
}

/** Healthy and faulty series of an alert, as the search for a witness left them. */
export interface CaseInput {
  readonly rule: DrillRule;
  readonly healthy: readonly WitnessSeries[] | null;
  readonly faulty: readonly WitnessSeries[];
  readonly near: { readonly series: readonly WitnessSeries[]; readonly description: string } | null;
  /** Fault and recovery that promtool has seen at the witness's own clock. */
  readonly episode: readonly WitnessSeries[] | null;
  /** From here on the faulty series are faulty. */
  readonly holdFromMs: number;
  readonly intervalMs: number;
  readonly alwaysFires: boolean;
  /** The expression for which the series were found: with recording rules written out where they take part. */
  readonly searched: Expr;
  /** Whether the recording rules behind the alert take part; else their series are given. */
  readonly through: boolean;
}
