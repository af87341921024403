import type { Verdict } from '../../thresholds/verdict.ts';
import { routesOf } from './mutants/alertmanager/evaluate.ts';
import type { Labels, RouteNode, Routing } from './mutants/alertmanager/routing.ts';
import { allRoutes } from './mutants/alertmanager/routing.ts';

/** What tests and the last drill looked at. */
export interface Coverage {
  alerts: readonly AlertCoverage[];
  /** Routes of the Alertmanager file; empty without one. */
  routes: readonly RouteCoverage[];
  /** Dashboards of the last drill; empty without one. */
  dashboards: readonly DashboardCoverage[];
  /** When the drill that is told of ended; null where there was none. */
  drilledAt: string | null;
}

export interface AlertCoverage {
  file: string;
  alert: string;
  /** How many tests expect something of it; null where no tests were looked at. */
  tests: number | null;
  /** Its outcome in the last drill; null where that has none. */
  drill: string | null;
}

export interface RouteCoverage {
  file: string;
  line: number;
  receiver: string;
  /** Names of the audited alerts that end in it. */
  alerts: readonly string[];
  /** How many of those have a test, and how many passed the last drill. */
  tested: number;
  drilled: number;
}

export interface DashboardCoverage {
  dashboard: string;
  panels: number;
  /** Queries that were run, and those that passed. */
  queries: number;
  passed: number;
}

/** An alert as coverage sees it. */
export interface CoveredAlert {
  file: string;
  alert: string;
  labels: Labels;
  tests: number | null;
}

/** The parts of a verdict that tell of a drill. */
export type DrillVerdict = Pick<Verdict, 'finishedAt' | 'alerts' | 'dashboards'>;

/** What of some alerts, of the routes they take and of the dashboards was looked at by tests and in the last drill. */
export function coverageOf(
  alerts: readonly CoveredAlert[],
  routing: Routing | null,
  drill: DrillVerdict | null,
): Coverage {
  const rows = alerts.map(({ file, alert, labels, tests }) => ({
    file,
    alert,
    labels,
    tests,
    drill: drilled(alert, labels, drill),
  }));
  return {
    alerts: rows.map(({ labels: _, ...row }) => row),
    routes: routing === null ? [] : routesCovered(routing, rows),
    dashboards: dashboardsCovered(drill),
    drilledAt: drill?.finishedAt ?? null,
  };
}

/** Alerts of one name in two systems are two; excluded ones were not drilled. */
function drilled(alert: string, labels: Labels, drill: DrillVerdict | null): string | null {
  const row = drill?.alerts.find(
    (each) =>
      each.alert === alert &&
      (labels.system === undefined || labels.system === each.system) &&
      each.drill !== 'excluded',
  );
  return row?.outcome ?? null;
}

function routesCovered(routing: Routing, rows: readonly (AlertCoverage & { labels: Labels })[]): RouteCoverage[] {
  const reached = new Map<RouteNode, (AlertCoverage & { labels: Labels })[]>();
  for (const route of allRoutes(routing.root)) reached.set(route, []);
  for (const row of rows) {
    for (const route of routesOf(routing.root, row.labels)) reached.get(route)?.push(row);
  }
  return (
    [...reached]
      // A route whose children take everything is none that an alert ends in.
      .filter(([route, own]) => own.length > 0 || route.routes.length === 0)
      .map(([{ line, receiver }, own]) => ({
        file: routing.path,
        line,
        receiver,
        alerts: [...new Set(own.map(({ alert }) => alert))].sort(),
        tested: own.filter(({ tests }) => (tests ?? 0) > 0).length,
        drilled: own.filter(({ drill }) => drill === 'pass').length,
      }))
  );
}

function dashboardsCovered(drill: DrillVerdict | null): DashboardCoverage[] {
  const byName = Map.groupBy(drill?.dashboards ?? [], ({ dashboard }) => dashboard);
  return [...byName].map(([dashboard, rows]) => ({
    dashboard,
    panels: new Set(rows.map(({ panel }) => panel)).size,
    queries: rows.length,
    passed: rows.filter(({ outcome }) => outcome === 'pass').length,
  }));
}
