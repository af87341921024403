import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { GENERATED } from '../header.ts';
import { buildPanel, type PanelSurroundings } from './panel.ts';
import type { DashboardSpec, PanelSpec } from './spec.ts';
import { variables } from './variables.ts';

const COLUMNS = 24;
const DEFAULT_WIDTH = 12;
const DEFAULT_HEIGHT = 8;
/** On every dashboard: the list of all of them. */
export const TAG = 'firedrill';

/** The text of a dashboard's file. Its first key says that it is generated: JSON has no comments. */
export function dashboardText(spec: DashboardSpec, runbookUrl: string): string {
  const around: PanelSurroundings = { system: spec.system, runbookUrl };
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([TAG, ...spec.tags])
    .readonly()
    .timezone('browser')
    .time({ from: spec.from ?? 'now-1h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .variables(variables(spec))
    .annotations([])
    .links(links(spec, runbookUrl));
  const { links: built = [], ...dashboard } = builder.build();
  // The SDK puts links into a menu; they belong where everybody sees them.
  const shownLinks = built.map(({ placement: _menu, ...link }) => link);
  const panels = placed(spec.panels).map(({ panel, ...gridPos }, index) =>
    buildPanel(panel, index + 1, gridPos, around),
  );
  return `${JSON.stringify({ __comment: GENERATED, ...dashboard, links: shownLinks, id: null, panels }, null, 2)}\n`;
}

/** Panels from left to right in rows as high as their highest panel. */
function placed(panels: readonly PanelSpec[]) {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map((panel) => {
    const [w, h] = [panel.width ?? DEFAULT_WIDTH, panel.height ?? DEFAULT_HEIGHT];
    if (x + w > COLUMNS) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const place = { panel, x, y, w, h };
    x += w;
    rowHeight = Math.max(rowHeight, h);
    return place;
  });
}

/** The other dashboards, those of the same system first, and the runbook. */
function links({ system }: DashboardSpec, runbookUrl: string): DashboardLinkBuilder[] {
  const list = (title: string, tag: string) =>
    new DashboardLinkBuilder(title)
      .type(DashboardLinkType.Dashboards)
      .tags([tag])
      .asDropdown(true)
      .keepTime(true)
      .includeVars(false);
  return [
    ...(system === null ? [] : [list(system.title, system.id)]),
    list('All dashboards', TAG),
    new DashboardLinkBuilder('Runbook').type(DashboardLinkType.Link).url(runbookUrl).targetBlank(true),
  ];
}
