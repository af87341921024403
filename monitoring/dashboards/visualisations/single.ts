import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as GaugeBuilder } from '@grafana/grafana-foundation-sdk/gauge';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { lastValue, type Visualisation } from './visualisation.ts';

/** A dial a series. */
export const gauge: Visualisation = {
  time: 'instant',
  format: 'time_series',
  build: () =>
    new GaugeBuilder().reduceOptions(lastValue()).showThresholdMarkers(true).orientation(VizOrientation.Auto),
};

/** A number a series. */
export const counter: Visualisation = {
  time: 'instant',
  format: 'time_series',
  build: () => new StatBuilder().reduceOptions(lastValue()).graphMode(BigValueGraphMode.None),
};

/** A coloured field with its name for each series. */
export const grid: Visualisation = {
  time: 'instant',
  format: 'time_series',
  build: () =>
    new StatBuilder()
      .reduceOptions(lastValue())
      .graphMode(BigValueGraphMode.None)
      .colorMode(BigValueColorMode.Background)
      .textMode(BigValueTextMode.ValueAndName),
};
