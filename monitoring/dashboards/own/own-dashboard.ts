import type { Catalogue } from '../../../thresholds/model.ts';
import type { DashboardSpec, PanelSpec } from '../spec.ts';
import { dashboardUid } from '../systems/system-dashboard.ts';

/** A dashboard over all systems, before it is cut to what the catalogue has. */
export interface OwnDashboard
  extends Pick<DashboardSpec, 'title' | 'description' | 'file' | 'subject' | 'selects' | 'windows' | 'from'> {
  panels: (catalogue: Catalogue) => PanelSpec[];
}

/** The folder of these dashboards, on disk and in Grafana. */
export const OWN_FOLDER = { id: 'firedrill', title: 'firedrill' };

export function ownDashboard(catalogue: Catalogue, { panels, ...rest }: OwnDashboard): DashboardSpec {
  return {
    ...rest,
    uid: dashboardUid(OWN_FOLDER.id, rest.title),
    system: null,
    tags: ['overview'],
    panels: panels(catalogue),
  };
}
