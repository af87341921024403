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

/** Percentiles of a box plot, from low to high: whiskers, box, median. */
export const BOX = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** A box plot over time: a group of five lines, one for each percentile of {@link BOX} in that order, the box between them filled. */
export const bands: Visualisation = {
  time: 'range',
  format: 'time_series',
  build(spec) {
    const panel = timeseries(spec, 0);
    for (const [index, { legend }] of spec.queries.entries()) {
      const place = index % BOX.length;
      const below = spec.queries[index - 1];
      if (place === 0 || below === undefined) continue;
      panel.overrideByName(legend, [
        { id: 'custom.fillBelowTo', value: below.legend },
        { id: 'custom.fillOpacity', value: place === 2 || place === 3 ? 30 : 10 },
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
