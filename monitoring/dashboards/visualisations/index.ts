import type { VisualisationName } from '../spec.ts';
import { bar, rank } from './bars.ts';
import { activity, heatmap } from './heatmap.ts';
import { area, bands, line } from './line.ts';
import { pie } from './pie.ts';
import { counter, gauge, grid } from './single.ts';
import { table } from './table.ts';
import type { Visualisation } from './visualisation.ts';

/** Every way of drawing a panel. */
export const VISUALISATIONS: Readonly<Record<VisualisationName, Visualisation>> = {
  line,
  area,
  bands,
  heatmap,
  activity,
  bar,
  rank,
  table,
  pie,
  gauge,
  counter,
  grid,
};
