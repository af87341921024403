import { expect, test } from 'vitest';
import { deriveGrafana } from '../../../monitoring/dashboards/dashboards.ts';
import { BUILT_IN_CATALOGUE, openCatalogue } from '../../../scripts/catalogue-files.ts';
import { panelQueries } from '../../../scripts/dashboards/panel-query.ts';
import { planRounds, target } from '../../../scripts/dashboards/rounds.ts';
import { assertApplicable } from '../../../scripts/fleet/faults/index.ts';

const catalogue = openCatalogue(BUILT_IN_CATALOGUE, { env: {}, environment: null });
const files = deriveGrafana(catalogue);
const queries = panelQueries(catalogue, files);
const rounds = planRounds(queries, catalogue);
const services = new Map(catalogue.systems.flatMap((system) => system.services).map((one) => [one.target, one]));

test('every query of every file is looked at', () => {
  const dashboards = [...files].filter(([path]) => path.startsWith('dashboards/')).map(([, text]) => JSON.parse(text));
  const targets = dashboards.flatMap(({ panels }) => panels.flatMap((panel: { targets: unknown[] }) => panel.targets));
  expect(queries.length).toBe(targets.length);
  expect(queries.length).toBeGreaterThan(150);
  expect(queries.filter(({ expr }) => expr === '')).toEqual([]);
});

test('each query is moved once, or says why nothing moves it', () => {
  const moved = rounds.flat().flatMap((entry) => entry.queries);
  const still = queries.filter(({ shows }) => shows === null);
  expect(new Set(moved).size).toBe(moved.length);
  expect(moved.length + still.length).toBe(queries.length);
  for (const { still: reason } of still) expect(reason).toMatch(/\w/);
});

test('at one service there is one disturbance at a time', () => {
  for (const round of rounds) {
    const targets = round.map(({ disturbance }) => target(disturbance));
    expect(new Set(targets).size).toBe(targets.length);
  }
});

test('every disturbance is one that its service can have', () => {
  for (const { disturbance } of rounds.flat()) {
    const service = services.get(target(disturbance));
    if (service === undefined) throw new Error(`there is no ${target(disturbance)}`);
    const { system: _, ...fault } = disturbance;
    if (fault.kind === 'traffic') expect('endpoints' in service, service.target).toBe(true);
    else expect(() => assertApplicable(service, fault), service.target).not.toThrow();
  }
});

test('a query that is missing from its file has no expression', () => {
  const [first] = queries;
  const path = [...files.keys()].find((name) => name.endsWith('firedrill/sla.json')) ?? '';
  const file = JSON.parse(files.get(path) ?? '');
  file.panels = file.panels.slice(1);
  const without = panelQueries(catalogue, new Map([...files, [path, JSON.stringify(file)]]));
  expect(without.length).toBe(queries.length);
  expect(without.filter(({ expr }) => expr === '').map(({ panel }) => panel)).toEqual([first?.panel]);
});
