import type { Fault } from '../faults.ts';
import type { DrillMode } from '../verdict.ts';
import type { Place, Secret } from './catalogue.ts';

export type Severity = 'critical' | 'warning' | 'info';

export interface Alert {
  name: string;
  system: string;
  severity: Severity;
  forMs: number;
  keepFiringForMs: number;
  /** Null: every service of the system. */
  service: string | null;
  objective: string;
  condition: Condition;
  summary: string;
  description: string;
  note: string | null;
  drill: { mode: DrillMode; reason: string };
  fault: Fault | null;
  nearMiss: Fault | null;
  consequences: string[];
  place: Place;
}

/** What makes an alert fire. `where` holds further label matchers, comma-separated, or is empty. */
export type Condition =
  | { kind: 'target-down' }
  | {
      kind: 'latency-quantile';
      quantile: number;
      aboveMs: number;
      windowMs: number;
      metric: string | null;
      where: string;
    }
  | { kind: 'error-share'; above: number; windowMs: number; where: string }
  | { kind: 'errors-seen'; metric: string; where: string; by: string[]; windowMs: number };

export interface Routing {
  receivers: string[];
  bySeverity: Partial<Record<Severity, string[]>>;
  groupBy: string[];
  groupWaitMs: number;
  groupIntervalMs: number;
  repeatIntervalMs: number;
}

export type Receiver = { name: string } & (
  | { type: 'webhook'; url: string }
  | { type: 'slack'; channel: string; apiUrl: Secret }
  | { type: 'discord'; webhookUrl: Secret }
  | { type: 'pagerduty'; routingKey: Secret }
  | { type: 'email'; to: string; from: string; smarthost: string; username: string | null; password: Secret | null }
);
