import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type {
  DataTransformerConfig,
  DynamicConfigValue,
  GridPos,
  Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import type { PanelSpec } from '../spec.ts';

/** What every panel builder of the SDK has in common. */
export interface PanelBuilder extends Builder<Panel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: { type: string; uid: string }): this;
  gridPos(gridPos: GridPos): this;
  unit(unit: string): this;
  min(min: number): this;
  max(max: number): this;
  decimals(decimals: number): this;
  noValue(text: string): this;
  links(links: Builder<dashboard.DashboardLink>[]): this;
  mappings(mappings: dashboard.ValueMapping[]): this;
  thresholds(thresholds: Builder<dashboard.ThresholdsConfig>): this;
  withTarget(target: Builder<Dataquery>): this;
  withTransformation(transformation: DataTransformerConfig): this;
  overrideByQuery(refId: string, properties: DynamicConfigValue[]): this;
}

/** One way of drawing. */
export interface Visualisation {
  /** Whether it shows a course of time or the present. */
  time: 'range' | 'instant';
  format: `${PromQueryFormat}`;
  build(spec: PanelSpec): PanelBuilder;
}

/** A legend as a table with the last and the greatest value: names alone say nothing about a spike that has passed. */
export function tableLegend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Bottom)
    .calcs(['lastNotNull', 'max']);
}

/** All series at the pointer, the greatest first. */
export function allSeriesTooltip(): VizTooltipOptionsBuilder {
  return new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);
}

/** One value a series: the last one. */
export function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false);
}
