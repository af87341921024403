import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  PanelBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import type { Visualisation } from './visualisation.ts';

/** A distribution over time: one row a bucket, darker where more observations fell. The unit is that of the buckets. */
export const heatmap: Visualisation = {
  time: 'range',
  format: 'heatmap',
  build: ({ unit }) =>
    new PanelBuilder()
      .calculate(false)
      .color(
        new HeatmapColorOptionsBuilder()
          .mode(HeatmapColorMode.Scheme)
          .scheme('Oranges')
          .scale(HeatmapColorScale.Exponential)
          .exponent(0.5)
          .steps(64),
      )
      .yAxis(new YAxisConfigBuilder().unit(unit))
      .showValue(VisibilityMode.Never)
      .cellGap(1)
      .showLegend(),
};
