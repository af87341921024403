import type { Fault } from '../faults.ts';
import type { DrillMode } from '../verdict.ts';
import type { Place } from './catalogue.ts';
import type { Condition } from './condition.ts';

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
  /** What the runbook says of it; null where that is the text of its kind of condition. */
  runbook: { impact: string | null; checks: string[] | null; fix: string | null };
  note: string | null;
  drill: { mode: DrillMode; reason: string };
  /** On the simulated fleet; null where no fault of it shows. */
  fault: Fault | null;
  nearMiss: Fault | null;
  consequences: string[];
  place: Place;
}
