import type { Catalogue } from '../../thresholds/model.ts';
import { dashboardText } from './dashboard.ts';
import { OWN_DASHBOARDS } from './own/index.ts';
import { OWN_FOLDER, ownDashboard } from './own/own-dashboard.ts';
import { deriveDashboardProviders, deriveDataSources, deriveGrafanaIni, type Folder } from './provisioning.ts';
import type { DashboardSpec } from './spec.ts';
import { FACE_ATTRIBUTES } from './systems/face-attributes.ts';
import { FLASHCARDS } from './systems/flashcards/index.ts';
import { MCP_SERVICE } from './systems/mcp-service.ts';
import { MCP_TOOLS } from './systems/mcp-tools/index.ts';
import { PERSONALIZATION } from './systems/personalization/index.ts';
import { type SystemDashboard, systemDashboard } from './systems/system-dashboard.ts';

/** The dashboards of each system, by its id. A further one is a line here and a file in `systems/`. */
const OF_SYSTEM: Readonly<Record<string, readonly SystemDashboard[]>> = {
  'mcp-service': MCP_SERVICE,
  'mcp-tools': MCP_TOOLS,
  flashcards: FLASHCARDS,
  'face-attributes': FACE_ATTRIBUTES,
  personalization: PERSONALIZATION,
};

/** What everybody sees first. */
const HOME = { folder: 'mcp-tools', title: 'System Overview' };

/** Every dashboard that the catalogue gives, by folder. */
export function dashboardsOf(catalogue: Catalogue): { folder: Folder; dashboards: DashboardSpec[] }[] {
  const ofSystems = catalogue.systems
    .map((system) => ({
      folder: { id: system.id, title: system.title },
      dashboards: (OF_SYSTEM[system.id] ?? []).map((dashboard) => systemDashboard(system, dashboard)),
    }))
    .filter(({ dashboards }) => dashboards.length > 0);
  const own = OWN_DASHBOARDS.map((dashboard) => ownDashboard(catalogue, dashboard));
  return [{ folder: OWN_FOLDER, dashboards: own.filter(({ panels }) => panels.length > 0) }, ...ofSystems];
}

/** Everything that Grafana loads, by path below `grafana/`. */
export function deriveGrafana(catalogue: Catalogue): Map<string, string> {
  const { runbookUrl } = catalogue.operations;
  const all = dashboardsOf(catalogue);
  const folders = all.map(({ folder }) => folder);
  const home = all.find(({ folder }) => folder.id === HOME.folder) ?? all[0];
  const first = home?.dashboards.find(({ title }) => title === HOME.title) ?? home?.dashboards[0];
  return new Map([
    ['provisioning/datasources/datasources.yaml', deriveDataSources()],
    ['provisioning/dashboards/dashboards.yaml', deriveDashboardProviders(folders)],
    ['grafana.ini', deriveGrafanaIni(`${home?.folder.id}/${first?.file}`)],
    ...all.flatMap(({ folder, dashboards }) =>
      dashboards.map((spec) => [`dashboards/${folder.id}/${spec.file}`, dashboardText(spec, runbookUrl)] as const),
    ),
  ]);
}
