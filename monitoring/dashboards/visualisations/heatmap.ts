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
  build: ({ unit }) => cells().yAxis(new YAxisConfigBuilder().unit(unit)),
};

/** One row a series, darker where it is busier. As plain series: Grafana would take those of a heatmap for growing buckets. */
export const activity: Visualisation = { time: 'range', format: 'time_series', build: cells };

function cells(): PanelBuilder {
  return new PanelBuilder()
    .calculate(false)
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Scheme)
        .scheme('Oranges')
        .scale(HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64),
    )
    .showValue(VisibilityMode.Never)
    .cellGap(1)
    .showLegend();
}
