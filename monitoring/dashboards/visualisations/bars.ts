import { PanelBuilder as BarChartBuilder } from '@grafana/grafana-foundation-sdk/barchart';
import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { namedColumns } from './table.ts';
import { allSeriesTooltip, lastValue, type Visualisation } from './visualisation.ts';

/** A bar for each value of one label. */
export const bar: Visualisation = {
  time: 'instant',
  format: 'table',
  build: ({ category, queries }) =>
    new BarChartBuilder()
      .withTransformation(namedColumns(queries))
      .xField(category ?? '')
      .orientation(VizOrientation.Horizontal)
      .showValue(VisibilityMode.Auto)
      .legend(new VizLegendOptionsBuilder().showLegend(false))
      .tooltip(allSeriesTooltip()),
};

/** Bars with their names and values, the queries having sorted them. */
export const rank: Visualisation = {
  time: 'instant',
  format: 'time_series',
  build: () =>
    new BarGaugeBuilder()
      .displayMode(BarGaugeDisplayMode.Gradient)
      .orientation(VizOrientation.Horizontal)
      .reduceOptions(lastValue()),
};
