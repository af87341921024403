import { describe, expect, test } from 'vitest';
import { deriveGrafana } from '../../../monitoring/dashboards/dashboards.ts';
import {
  type Interpolation,
  interpolate,
  unresolved,
  type VariableValue,
} from '../../../monitoring/dashboards/interpolate.ts';
import { parsePromql } from '../../../monitoring/promql/parse.ts';
import { catalogueOf, SHOP } from '../support.ts';
import { DASHBOARDS, type Dashboard, FILES, type Panel, type Variable } from './built-in.ts';

const ALL = [...DASHBOARDS];
const PANELS = ALL.flatMap(([file, dashboard]) => dashboard.panels.map((panel) => ({ file, dashboard, panel })));

function around({ templating }: Dashboard): Interpolation {
  const values = templating.list.map((variable) => [variable.name, chosen(variable)] as const);
  return { values: new Map(values), stepMs: 15_000, scrapeIntervalMs: 30_000, rangeMs: 3_600_000 };
}

function chosen({ type, query, allValue, current }: Variable): VariableValue {
  if (type === 'constant') return query as string;
  if (type === 'query') return { all: allValue ?? '' };
  return current?.value ?? '';
}

test('there are dashboards to look at', () => {
  expect(ALL.length).toBe(25);
});

test('a uid, and a title in its folder, names one dashboard', () => {
  const uids = ALL.map(([, { uid }]) => uid);
  expect(new Set(uids).size).toBe(uids.length);
  const titles = ALL.map(([file, { title }]) => `${file.split('/')[0]} ${title}`);
  expect(new Set(titles).size).toBe(titles.length);
  for (const uid of uids) expect(uid).toMatch(/^[a-z0-9-]{1,40}$/);
});

describe.each(ALL)('%s', (_file, dashboard) => {
  test('panels have ids of their own and do not overlap on the grid', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [index, panel] of panels.entries()) {
      const { x, w, h } = panel.gridPos;
      expect(x + w, panel.title).toBeLessThanOrEqual(24);
      expect(w * h, panel.title).toBeGreaterThan(0);
      for (const other of panels.slice(index + 1)) {
        expect(overlaps(panel, other), `${panel.title} and ${other.title}`).toBe(false);
      }
    }
  });

  test('every panel has a title of its own, a unit and a query', () => {
    expect(new Set(dashboard.panels.map(({ title }) => title)).size).toBe(dashboard.panels.length);
    for (const { title, fieldConfig, targets } of dashboard.panels) {
      expect(fieldConfig.defaults.unit, title).toBeTruthy();
      expect(targets.length, title).toBeGreaterThan(0);
    }
  });

  test('every query is PromQL once its variables are filled in, and each of its series has a name', () => {
    for (const { title, targets } of dashboard.panels) {
      for (const { expr, legendFormat } of targets) {
        expect(unresolved(expr, around(dashboard)), title).toEqual([]);
        const filled = interpolate(expr, around(dashboard));
        expect(parsePromql(filled), filled).toMatchObject({ ok: true });
        expect(filled, title).not.toMatch(/=~""/);
        expect(legendFormat, title).not.toBe('');
      }
    }
  });

  test('rates look back by $__rate_interval or over the whole range, never by a fixed time', () => {
    for (const { title, targets } of dashboard.panels) {
      for (const { expr } of targets) {
        for (const [, window = ''] of expr.matchAll(/\b(?:rate|increase)\(\w+\{(?:[^"{}]|"[^"]*")*\}\[([^\]]*)\]/g)) {
          expect(['$__rate_interval', '$__range', '$window'], `${title}: ${expr}`).toContain(window);
        }
      }
    }
  });

  test('its variables are data source, system, service and environment; all of them means everything', () => {
    const variables = dashboard.templating.list;
    const names = variables.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['datasource', 'system', 'service', 'environment']));
    for (const { name, includeAll, allValue } of variables.filter(({ type }) => type === 'query')) {
      expect({ name, includeAll, allValue }).toEqual({ name, includeAll: true, allValue: '.*' });
    }
  });

  test('its links lead to dashboards that exist, or to the runbook', () => {
    const uids = new Set(ALL.map(([, { uid }]) => uid));
    const links = [...dashboard.links, ...dashboard.panels.flatMap((panel) => panel.links ?? [])];
    expect(links.some(({ url }) => url?.includes('runbook'))).toBe(true);
    for (const { url } of links.filter(({ url }) => url?.startsWith('/d/'))) {
      expect(uids, url).toContain(/^\/d\/([^?]+)/.exec(url ?? '')?.[1]);
    }
  });
});

test('every query follows the chosen service and environment', () => {
  expect(PANELS.length).toBeGreaterThanOrEqual(81);
  for (const { file, panel } of PANELS) {
    for (const { expr } of panel.targets) {
      expect(expr, `${file} ${panel.title}`).toMatch(/system=~?"\$system"/);
      expect(expr, `${file} ${panel.title}`).toContain('environment=~"$environment"');
    }
  }
});

test('the home dashboard exists', () => {
  const path = /default_home_dashboard_path = \/var\/lib\/grafana\/(.*)/.exec(FILES.get('grafana.ini') ?? '')?.[1];
  expect(FILES.has(path ?? '')).toBe(true);
});

test('a system that firedrill does not know gets no dashboards of its own', () => {
  const paths = [...deriveGrafana(catalogueOf(SHOP)).keys()];
  expect(paths.filter((path) => path.startsWith('dashboards/shop/'))).toEqual([]);
});

function overlaps({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
