import type { Fault } from '../../thresholds/faults.ts';
import type { System } from '../../thresholds/model.ts';

/** How a panel shows its values. The names are those of the ways of drawing, each one file in `visualisations/`. */
export type VisualisationName =
  | 'line'
  | 'area'
  | 'bands'
  | 'heatmap'
  | 'activity'
  | 'bar'
  | 'rank'
  | 'table'
  | 'pie'
  | 'gauge'
  | 'counter'
  | 'grid';

/**
 * What must happen in the world for a panel to show something else than before: a fault, or more requests. `system` where the dashboard
 * spans several.
 */
export type Disturbance = (Fault | { kind: 'traffic'; service: string }) & { system?: string };

/** One query of a panel. */
export interface QuerySpec {
  expr: string;
  /** Name of a series: label values in double braces. */
  legend: string;
  /** Where it differs from that of the panel; drawn on an axis of its own. */
  unit?: string;
  /** Where something else moves it than moves the panel. */
  shows?: Disturbance;
  /** Why nothing moves it: a limit that is drawn, a size that is fixed. */
  still?: string;
}

/** Where green ends. In the unit of the panel. */
export interface Limits {
  breach: 'above' | 'below';
  warning?: number;
  critical?: number;
}

export interface PanelSpec {
  title: string;
  visualisation: VisualisationName;
  description: string;
  /** Id of a Grafana unit: `s`, `percentunit`, `bytes`, `reqps`. */
  unit: string;
  /** At least one. */
  queries: readonly QuerySpec[];
  /** What the panel is there to show. */
  shows: Disturbance;
  limits?: Limits | null;
  min?: number;
  max?: number;
  decimals?: number;
  /** Texts instead of numbers: 1 reads "up". */
  texts?: Readonly<Record<string, { text: string; color: 'green' | 'red' | 'orange' | 'blue' }>>;
  /** Of 24 columns. */
  width?: number;
  height?: number;
  /** `bar`: the label whose values stand below the bars. */
  category?: string;
  /** Uid of the dashboard with the details. */
  details?: string;
  /** The alert that watches the same; its section of the runbook is one click away, if the catalogue has it. */
  alert?: string;
  /** Why the panel shows nothing while all is well. Without it, an empty panel is a broken one. */
  emptyWhenHealthy?: string;
}

/** A variable of a dashboard whose values come from series. */
export interface SelectSpec {
  name: string;
  label: string;
  /** A selector and the label whose values are offered: `label_values(up{...}, service)`. */
  query: string;
}

export interface DashboardSpec {
  uid: string;
  title: string;
  description: string;
  /** Of the system whose dashboard it is; null for one over all systems. */
  system: System | null;
  tags: readonly string[];
  /** File below the folder of its system, `.json` included. */
  file: string;
  /** Metric whose labels offer systems, services and environments. */
  subject: string;
  /** Beside system, service and environment. */
  selects?: readonly SelectSpec[];
  /** Windows to choose from, as `$window`, the first one to start with. */
  windows?: readonly string[];
  from?: string;
  panels: readonly PanelSpec[];
}
