import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  VisibilityMode,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { PanelSpec } from '../spec.ts';
import { allSeriesTooltip, tableLegend, type Visualisation } from './visualisation.ts';

/** A line a series; its limits are dashed lines. */
export const line: Visualisation = { time: 'range', format: 'time_series', build: (spec) => timeseries(spec, 0) };

/** A line whose area below is filled. */
export const area: Visualisation = { time: 'range', format: 'time_series', build: (spec) => timeseries(spec, 35) };

/** A box plot over time: percentiles as lines, the middle half of the values filled. The queries go from low to high. */
export const bands: Visualisation = {
  time: 'range',
  format: 'time_series',
  build(spec) {
    const panel = timeseries(spec, 0);
    for (let index = 1; index < spec.queries.length; index++) {
      const [below, own] = [spec.queries[index - 1]?.legend ?? '', spec.queries[index]?.legend ?? ''];
      const innermost = index === spec.queries.length - 3 || index === spec.queries.length - 2;
      // Grafana fills towards another series by its name; a name with a label value in it is not known before.
      if (own.includes('{{')) continue;
      panel.overrideByName(own, [
        { id: 'custom.fillBelowTo', value: below },
        { id: 'custom.fillOpacity', value: innermost ? 30 : 12 },
      ]);
    }
    return panel;
  },
};

function timeseries({ limits }: PanelSpec, fillOpacity: number): PanelBuilder {
  const panel = new PanelBuilder()
    .legend(tableLegend())
    .tooltip(allSeriesTooltip())
    .lineWidth(1)
    .fillOpacity(fillOpacity)
    .showPoints(VisibilityMode.Auto)
    .axisSoftMin(0);
  if (limits) {
    panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  return panel;
}
