import type { SyntheticCase, Undrillable } from '../../../monitoring/drill/synthetic/case.ts';
import type { DrillRoutes } from '../../../monitoring/drill/synthetic/routes.ts';
import type { DrillRules } from '../../../monitoring/drill/synthetic/rule.ts';
import type { Output } from '../../output.ts';
import type { ResolvedTool } from '../../tools/tool.ts';

/** A drill on a Prometheus and an Alertmanager that belong to somebody else. */
export interface AttachedOptions {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** Names of the alerts to drill; all when empty. */
  readonly alerts: readonly string[];
  /** Alerts that take longer are left out. */
  readonly maxDurationMs: number;
  /** Real receivers may be told. Otherwise a silence keeps the drill from them, and delivery is judged at Alertmanager. */
  readonly allowNotify: boolean;
  /** Where the drill listens for the receiver of that name; null: it does not. */
  readonly webhook: { readonly host: string; readonly port: number; readonly receiver: string } | null;
  readonly promtool: ResolvedTool;
  /** Shared by all runs on this machine; holds the lock. */
  readonly cacheDir: string;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** An alert that will be drilled. */
export interface AttachedCase {
  readonly played: SyntheticCase;
  /** The label whose value tells its series and alerts from real ones. */
  readonly label: string;
  /** At this moment of its script the drill begins; what comes before lies in the past. */
  readonly fromMs: number;
  readonly durationMs: number;
  /** Where the routes send it, by name. */
  readonly receivers: readonly string[];
  /** Other alerts that look at its series, and may fire too. */
  readonly companions: readonly string[];
}

/** What an attached drill would do, before it does anything. */
export interface AttachedPlan {
  readonly id: string;
  readonly rules: DrillRules;
  readonly routes: DrillRoutes;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly cases: readonly AttachedCase[];
  /** Alerts that it leaves alone, and why. */
  readonly refused: readonly Undrillable[];
  readonly durationMs: number;
  readonly series: number;
  /** Labels that tell the drill apart, each with a pattern of its values. */
  readonly marks: readonly { readonly label: string; readonly pattern: string }[];
  /** Receivers of others that would be told, if no silence kept them out of it. */
  readonly paged: readonly string[];
  /** True: a silence keeps the drill from every receiver. */
  readonly silenced: boolean;
  /** True: on a pair of its own, where nobody else is. */
  readonly alone: boolean;
  readonly versions: { readonly prometheus: string; readonly alertmanager: string };
}
