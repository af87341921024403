import type { Outcome } from './outcome.ts';

/** Unit of `limit` and `measured` in a load row. Durations are seconds, shares are 0 to 1. */
export type Unit = 'seconds' | 'ratio' | 'count' | 'bytes';

/** One objective of one endpoint, provider or PromQL expression, with what was measured. */
export interface LoadRow {
  system: string;
  service: string;
  /** Set for endpoints of http and mcp services, and for objectives of the whole service. */
  endpoint?: string;
  /** Set instead of `endpoint` for LLM providers. */
  provider?: string;
  source: 'k6' | 'prometheus';
  /** Such as `p95`, `success`, `mean`, or the name of a PromQL objective. */
  objective: string;
  unit: Unit;
  limit: number;
  /** Null when there was nothing to measure. */
  measured: number | null;
  samples: number;
  outcome: Outcome;
  /** One sentence with the evidence; empty for a plain pass. */
  reason: string;
  /** Where the promise stands: file:line of the catalogue. */
  place?: string;
}

/** All runs of one probe target. */
export interface ProbeRow {
  /** `<system>/<service>` */
  target: string;
  kind: string;
  runs: number;
  failures: number;
  /** Runs that could not be judged (event loop lagging, own network away). Never counted as success or failure. */
  unknown: number;
  /** Null under 20 runs: a 95th percentile of fewer is the maximum under another name. */
  p95Seconds: number | null;
  outcome: Outcome;
  reason: string;
}

/** One drilled alert. Times are wall seconds as run; `compression` says how much faster than real time that was. */
export interface AlertRow {
  alert: string;
  system: string;
  group: string;
  severity: string;
  /** Receivers that the routes name for this alert, sorted, comma-separated. */
  receiver: string;
  drill: DrillMode;
  fault: string;
  compression: number;
  /** Earliest and latest expected time from fault to delivery; null for an alert that was not drilled. */
  predictedSeconds: [number, number] | null;
  /** From fault to the alert's first firing sample; null when it never fired. */
  detectedSeconds: number | null;
  /** From fault to pending, firing and the first delivery, and from the end of the fault to resolved. */
  pendingSeconds: number | null;
  deliveredSeconds: number | null;
  deliveredTo: string[];
  resolvedSeconds: number | null;
  /** Null when the alert has no near miss in the catalogue. */
  nearMissSilent: boolean | null;
  outcome: Outcome;
  reason: string;
  place?: string;
}

/**
 * How far an alert is drilled: to the receiver and back; only until it fires; always firing by design; only against a
 * second monitoring pair; or not at all. All but `full` carry a reason in the catalogue.
 */
export type DrillMode = 'full' | 'firing' | 'always' | 'second-stack' | 'excluded';

/** One query of one dashboard panel, run healthy and under its fault. */
export interface DashboardRow {
  dashboard: string;
  panel: string;
  query: string;
  healthy: string;
  faulty: string;
  outcome: Outcome;
  reason: string;
}

/** Something that firedrill itself started or needed and that failed. */
export interface HarnessProblem {
  /** The phase that was cut short: stack, fleet, load, probes, drill. */
  phase: string;
  outcome: 'broken' | 'inconclusive';
  reason: string;
}

/** Versions and health figures of what measured. */
export interface Harness {
  k6: string | null;
  prometheus: string | null;
  alertmanager: string | null;
  node: string;
  droppedIterations: number;
  /** 99th percentile of the event-loop delay of the firedrill process, milliseconds. */
  eventLoopLagP99Ms: number;
  problems: HarnessProblem[];
}

/** The content of `verdict.json`. */
export interface Verdict {
  schema: 1;
  command: string;
  profile: string | null;
  environment: string;
  startedAt: string;
  finishedAt: string;
  outcome: Outcome;
  load: LoadRow[];
  probes: ProbeRow[];
  alerts: AlertRow[];
  dashboards: DashboardRow[];
  harness: Harness;
}

/** Every row of a verdict that has an outcome, problems of the harness first. */
export function verdictRows(verdict: Pick<Verdict, 'load' | 'probes' | 'alerts' | 'dashboards' | 'harness'>) {
  return [
    ...verdict.harness.problems,
    ...verdict.load,
    ...verdict.probes,
    ...verdict.alerts,
    ...verdict.dashboards,
  ] as const;
}
