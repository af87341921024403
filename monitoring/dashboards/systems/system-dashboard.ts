import type { System } from '../../../thresholds/model.ts';
import { SystemMetrics } from '../metrics.ts';
import type { DashboardSpec, PanelSpec } from '../spec.ts';

/** A dashboard of one system, before its metrics are looked up in the catalogue. */
export interface SystemDashboard
  extends Pick<DashboardSpec, 'title' | 'description' | 'file' | 'subject' | 'selects' | 'windows' | 'from'> {
  panels: (metrics: SystemMetrics) => PanelSpec[];
}

/** @throws DerivationError when a panel shows a metric, type or label that the catalogue does not have. */
export function systemDashboard(system: System, { panels, ...rest }: SystemDashboard): DashboardSpec {
  return {
    ...rest,
    uid: dashboardUid(system.id, rest.title),
    system,
    tags: [system.id],
    panels: panels(new SystemMetrics(system)),
  };
}

/** Stable: links and bookmarks hold it. Titles recur between systems, so the system is part of it. */
export function dashboardUid(folder: string, title: string): string {
  const slug = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${folder}-${slug}`;
}
