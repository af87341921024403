import { LegendDisplayMode, LegendPlacement } from '@grafana/grafana-foundation-sdk/common';
import {
  PanelBuilder,
  PieChartLabels,
  PieChartLegendOptionsBuilder,
  PieChartLegendValues,
  PieChartType,
} from '@grafana/grafana-foundation-sdk/piechart';
import { allSeriesTooltip, lastValue, type Visualisation } from './visualisation.ts';

/** Shares of a whole. */
export const pie: Visualisation = {
  time: 'instant',
  format: 'time_series',
  build: () =>
    new PanelBuilder()
      .pieType(PieChartType.Pie)
      .displayLabels([PieChartLabels.Percent])
      .reduceOptions(lastValue())
      .tooltip(allSeriesTooltip())
      .legend(
        new PieChartLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(LegendDisplayMode.Table)
          .placement(LegendPlacement.Right)
          .values([PieChartLegendValues.Value, PieChartLegendValues.Percent]),
      ),
};
