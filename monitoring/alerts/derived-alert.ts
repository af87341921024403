import type { Alert, Place, Severity } from '../../thresholds/model.ts';

/** What the runbook says of an alert. */
export interface Guidance {
  /** What is true while it fires. */
  meaning: string;
  /** Who notices, and what. */
  impact: string;
  /** What to look at first, in order. */
  checks: readonly string[];
  fix: string;
}

/**
 * An alert as it is deployed, whoever asked for it: the catalogue by name, or a generator for what the catalogue promises. Its
 * expression matches on `system` and keeps system, service and environment on its result.
 */
export interface DerivedAlert {
  name: string;
  /** A system of the catalogue, or `OPERATIONS_SYSTEM`. */
  system: string;
  /** The one service that it watches; null where it watches several. */
  service: string | null;
  team: string;
  severity: Severity;
  objective: string;
  expr: string;
  forMs: number;
  keepFiringForMs: number;
  /** Labels beside alertname, severity, team, objective and system. */
  labels: Readonly<Record<string, string>>;
  summary: string;
  description: string;
  guidance: Guidance;
  /** What was wrong with the rule that this one replaces. */
  note: string | null;
  drill: Alert['drill'];
  /** Alerts of the same system that rightly fire with it. */
  consequences: readonly string[];
  /** The alert of the catalogue that it comes from. */
  source: Alert | null;
  /** Where in the catalogue it, or what it is derived from, stands. */
  place: Place | null;
  /** A panel that shows the same, by titles, where no panel names the alert itself. */
  shownOn?: ShownOn | undefined;
}

/** A panel of one of the dashboards over all systems. */
export interface ShownOn {
  dashboard: string;
  panel: string;
}

/** A series that is recorded because rules or dashboards use it more than once. */
export interface Recording {
  record: string;
  expr: string;
  labels?: Readonly<Record<string, string>>;
}

/** Rules that are evaluated together, in order: recordings first. */
export interface AlertGroup {
  name: string;
  system: string;
  /** Null: Prometheus's own evaluation interval. */
  intervalMs: number | null;
  recordings: readonly Recording[];
  alerts: readonly DerivedAlert[];
}
