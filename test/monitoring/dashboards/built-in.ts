import { deriveGrafana } from '../../../monitoring/dashboards/dashboards.ts';
import { BUILT_IN_CATALOGUE, openCatalogue } from '../../../scripts/catalogue-files.ts';

/** A dashboard as Grafana reads it, as far as the tests look at it. */
export interface Dashboard {
  uid: string;
  title: string;
  templating: { list: Variable[] };
  links: { url?: string; tags: string[] }[];
  panels: Panel[];
}

export interface Variable {
  name: string;
  type: string;
  query: string | { query: string };
  allValue?: string;
  includeAll: boolean;
  current?: { value: string | string[] };
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  fieldConfig: { defaults: { unit?: string; thresholds?: { steps: { value: number | null }[] } } };
  links: { url?: string }[];
  targets: { expr: string; refId: string; legendFormat: string; range: boolean; instant: boolean; format: string }[];
}

/** The built-in catalogue. */
export const CATALOGUE = openCatalogue(BUILT_IN_CATALOGUE, { env: {}, environment: null });

/** Everything that Grafana loads, by path below `grafana/`. */
export const FILES = deriveGrafana(CATALOGUE);

/** The dashboards by `<folder>/<file>`. */
export const DASHBOARDS = new Map(
  [...FILES].flatMap(([path, text]) => {
    const name = /^dashboards\/(.*)$/.exec(path)?.[1];
    return name === undefined ? [] : [[name, JSON.parse(text) as Dashboard] as const];
  }),
);
