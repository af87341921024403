import { dashboardsOf } from '../../monitoring/dashboards/dashboards.ts';
import type { Disturbance } from '../../monitoring/dashboards/spec.ts';
import { refId } from '../../monitoring/dashboards/visualisations/table.ts';
import type { Catalogue } from '../../thresholds/model.ts';

/** A variable as it stands in the file of a dashboard. */
export interface DashboardVariable {
  name: string;
  type: string;
  query: string | { query: string };
  includeAll?: boolean;
  allValue?: string;
  current?: { value: string | string[] };
}

/** One query as it stands in the file of a dashboard, and what it should show. */
export interface PanelQuery {
  dashboard: string;
  panel: string;
  refId: string;
  /** Empty when the file has no such query. */
  expr: string;
  instant: boolean;
  variables: readonly DashboardVariable[];
  /** Null when nothing moves it; `still` then says why. */
  shows: (Disturbance & { system: string }) | null;
  still: string | null;
  emptyWhenHealthy: string | null;
}

interface DashboardFile {
  templating: { list: DashboardVariable[] };
  panels: { title: string; targets: { refId: string; expr: string; instant?: boolean }[] }[];
}

/**
 * Every query that the catalogue's dashboards should have, read from their files: one that was dropped or emptied is there with an
 * empty expression.
 * @param files Texts by path below `grafana/`, as they are deployed.
 */
export function panelQueries(catalogue: Catalogue, files: ReadonlyMap<string, string>): PanelQuery[] {
  return dashboardsOf(catalogue).flatMap(({ folder, dashboards }) =>
    dashboards.flatMap((spec) => {
      const text = files.get(`dashboards/${folder.id}/${spec.file}`);
      const file: DashboardFile = text === undefined ? { templating: { list: [] }, panels: [] } : JSON.parse(text);
      return spec.panels.flatMap((panel) => {
        const targets = file.panels.find(({ title }) => title === panel.title)?.targets ?? [];
        return panel.queries.map((query, index): PanelQuery => {
          const target = targets.find((one) => one.refId === refId(index));
          const shows = query.shows ?? panel.shows;
          return {
            dashboard: spec.uid,
            panel: panel.title,
            refId: refId(index),
            expr: target?.expr ?? '',
            instant: target?.instant === true,
            variables: file.templating.list,
            shows: query.still === undefined ? { ...shows, system: shows.system ?? folder.id } : null,
            still: query.still ?? null,
            emptyWhenHealthy: panel.emptyWhenHealthy ?? null,
          };
        });
      });
    }),
  );
}
