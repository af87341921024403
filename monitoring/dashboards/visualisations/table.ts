import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { QuerySpec } from '../spec.ts';
import type { Visualisation } from './visualisation.ts';

/** A row for each set of label values, a column for each query. */
export const table: Visualisation = {
  time: 'instant',
  format: 'table',
  build: ({ queries }) =>
    new PanelBuilder()
      .showHeader(true)
      .withTransformation({ id: 'merge', options: {} })
      .withTransformation(namedColumns(queries)),
};

/** Columns named as the queries are; the time of the query says nothing and is left out. */
export function namedColumns(queries: readonly QuerySpec[]): DataTransformerConfig {
  const columns = queries.map(({ legend }, index) => [valueField(index, queries.length), legend]);
  const options = { excludeByName: { Time: true }, indexByName: {}, renameByName: Object.fromEntries(columns) };
  return { id: 'organize', options };
}

/** Grafana names the field `Value` when there is one query. */
function valueField(index: number, count: number): string {
  return count === 1 ? 'Value' : `Value #${refId(index)}`;
}

/** A, B, C: the queries of a panel. */
export function refId(index: number): string {
  return String.fromCodePoint(65 + index);
}
