import {
  DashboardLinkBuilder,
  type GridPos,
  MappingType,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, type PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import type { System } from '../../thresholds/model.ts';
import { runbookAnchor } from '../runbook-anchor.ts';
import type { Limits, PanelSpec } from './spec.ts';
import { VISUALISATIONS } from './visualisations/index.ts';
import { refId } from './visualisations/table.ts';

/** Where links lead and what they keep. */
export interface PanelSurroundings {
  system: System | null;
  runbookUrl: string;
}

/** The data source that the reader has chosen. */
export const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Keeps the time range and every variable of the dashboard that the link is on. */
const KEEP = '${__url_time_range}&${__all_variables}';

/** A panel as Grafana reads it. */
export function buildPanel(spec: PanelSpec, id: number, gridPos: GridPos, around: PanelSurroundings): Panel {
  const { time, format, build } = VISUALISATIONS[spec.visualisation];
  const panel = build(spec)
    .id(id)
    .title(spec.title)
    .description(spec.description)
    .datasource(DATA_SOURCE)
    .gridPos(gridPos)
    .unit(spec.unit)
    .thresholds(thresholds(spec.limits ?? null))
    .links(links(spec, around));
  if (spec.min !== undefined) panel.min(spec.min);
  if (spec.max !== undefined) panel.max(spec.max);
  if (spec.decimals !== undefined) panel.decimals(spec.decimals);
  if (spec.emptyWhenHealthy !== undefined) panel.noValue('none');
  if (spec.texts !== undefined) panel.mappings([{ type: MappingType.ValueToText, options: { ...spec.texts } }]);
  for (const [index, query] of spec.queries.entries()) {
    const target = new DataqueryBuilder()
      .refId(refId(index))
      .datasource(DATA_SOURCE)
      .expr(query.expr)
      .legendFormat(query.legend)
      .format(format as PromQueryFormat);
    panel.withTarget(time === 'instant' ? target.instant() : target.range());
    if (query.unit !== undefined) {
      panel.overrideByQuery(refId(index), [
        { id: 'unit', value: query.unit },
        ...(time === 'range' ? [{ id: 'custom.axisPlacement', value: 'right' }] : []),
      ]);
    }
  }
  return panel.build();
}

/** Colours by limit: green within, orange past the first, red past the second. */
export function thresholds(limits: Limits | null): ThresholdsConfigBuilder {
  const steps: { value: number | null; color: string }[] = [];
  if (limits === null) steps.push({ value: null, color: 'green' });
  else {
    const { breach, warning, critical } = limits;
    const marks = [
      { value: warning, color: 'orange' },
      { value: critical, color: 'red' },
    ].flatMap(({ value, color }) => (value === undefined ? [] : [{ value, color }]));
    if (breach === 'above') steps.push({ value: null, color: 'green' }, ...marks);
    else {
      // Read from below: a step begins where the one before it ends.
      const upwards = marks.toReversed();
      const colors = [...upwards.map(({ color }) => color), 'green'];
      steps.push(...colors.map((color, index) => ({ value: upwards[index - 1]?.value ?? null, color })));
    }
  }
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}

function links({ details, alert }: PanelSpec, { system, runbookUrl }: PanelSurroundings): DashboardLinkBuilder[] {
  const found: DashboardLinkBuilder[] = [];
  if (details !== undefined) found.push(new DashboardLinkBuilder('Details').url(`/d/${details}?${KEEP}`));
  const watching = system?.alerts.find(({ name }) => name === alert);
  if (system !== null && watching !== undefined) {
    const anchor = runbookAnchor({ system: system.id, name: watching.name });
    found.push(new DashboardLinkBuilder(`Runbook: ${watching.name}`).url(`${runbookUrl}#${anchor}`).targetBlank(true));
  }
  return found;
}
