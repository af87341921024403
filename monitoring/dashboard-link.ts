import type { Catalogue } from '../thresholds/model.ts';
import { LABEL, OPERATIONS_SYSTEM } from '../thresholds/names.ts';
import type { DerivedAlert } from './alerts/derived-alert.ts';
import { labelFacts, mayHave } from './audit/analysis/labels.ts';
import { dashboardsOf } from './dashboards/dashboards.ts';
import { OWN_FOLDER } from './dashboards/own/own-dashboard.ts';
import type { DashboardSpec, PanelSpec } from './dashboards/spec.ts';
import { parsePromql } from './promql/parse.ts';

/** Where an alert can be looked at. */
interface View {
  uid: string;
  /** Null for the whole dashboard. */
  panel: number | null;
}

/**
 * The link from each alert to what shows it: the panel that names the alert or another one on the same objective, the one that the alert
 * names, else the first dashboard of its system. A template: the dashboard opens on the service that the alert is about.
 */
export function dashboardLinks(catalogue: Catalogue): (alert: DerivedAlert) => string {
  const all = dashboardsOf(catalogue);
  const folder = (id: string) => all.find((one) => one.folder.id === id)?.dashboards ?? [];
  const own = folder(OWN_FOLDER.id);
  const { grafanaUrl } = catalogue.operations;
  return (alert) => {
    const mine = folder(alert.system);
    const kin = sameObjective(catalogue, alert);
    const view =
      viewOf(mine, ({ alert: name }) => name === alert.name) ??
      viewOf(mine, ({ alert: name }) => name !== undefined && kin.includes(name)) ??
      shownOn(own, alert) ??
      whole(mine[0] ?? own[0]);
    if (view === null) return grafanaUrl;
    const query = [...(view.panel === null ? [] : [`viewPanel=${view.panel}`]), ...variables(alert)].join('&');
    return `${grafanaUrl}/d/${view.uid}${query === '' ? '' : `?${query}`}`;
  };
}

/** Alerts of the catalogue that watch the same promise: the other tier, or the one that was escalated. */
function sameObjective({ systems }: Catalogue, { system, objective }: DerivedAlert): string[] {
  const alerts = systems.find(({ id }) => id === system)?.alerts ?? [];
  return alerts.filter((one) => one.objective === objective).map(({ name }) => name);
}

function shownOn(dashboards: readonly DashboardSpec[], alert: DerivedAlert): View | null {
  const dashboard = dashboards.find(({ title }) => title === alert.shownOn?.dashboard);
  if (dashboard === undefined) return null;
  return viewOf([dashboard], ({ title }) => title === alert.shownOn?.panel) ?? whole(dashboard);
}

/** Panels are numbered from 1 in their order. */
function viewOf(dashboards: readonly DashboardSpec[], shows: (panel: PanelSpec) => boolean): View | null {
  for (const { uid, panels } of dashboards) {
    const index = panels.findIndex(shows);
    if (index !== -1) return { uid, panel: index + 1 };
  }
  return null;
}

function whole(dashboard: DashboardSpec | undefined): View | null {
  return dashboard === undefined ? null : { uid: dashboard.uid, panel: null };
}

/** What the alert knows of the variables of dashboards. Those of monitoring itself are on no service that dashboards offer. */
function variables({ system, expr }: DerivedAlert): string[] {
  if (system === OPERATIONS_SYSTEM) return [];
  const parsed = parsePromql(expr);
  const kept = [LABEL.service, LABEL.environment].filter(
    (label) =>
      parsed.ok &&
      mayHave(
        labelFacts(parsed.expr, () => null),
        label,
      ),
  );
  return [`var-system=${system}`, ...kept.map((label) => `var-${label}={{ $labels.${label} | urlquery }}`)];
}
