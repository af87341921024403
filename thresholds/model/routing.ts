import type { Severity } from './alert.ts';
import type { Secret } from './catalogue.ts';
import type { MaintenanceWindow } from './maintenance.ts';

/** How the alerts of a system reach receivers. */
export interface Routing {
  receivers: string[];
  bySeverity: Partial<Record<Severity, string[]>>;
  /** Receivers of alerts that stayed critical too long. Empty: those of critical alerts. */
  escalation: string[];
  /** Names of the times in which a severity is told nobody; it is told after their end if it still fires. */
  muteTimes: Partial<Record<Severity, string[]>>;
  groupBy: string[];
  groupWaitMs: number;
  groupIntervalMs: number;
  repeatIntervalMs: number;
}

/** A time that comes back, and in which alerts may be told nobody. */
export interface MuteTime {
  name: string;
  windows: Extract<MaintenanceWindow, { kind: 'recurring' }>[];
}

export type Receiver = { name: string } & (
  | { type: 'webhook'; url: string | Secret }
  | { type: 'slack'; channel: string; apiUrl: Secret }
  | { type: 'discord'; webhookUrl: Secret }
  | { type: 'pagerduty'; routingKey: Secret }
  | { type: 'email'; to: string; from: string; smarthost: string; username: string | null; password: Secret | null }
);
