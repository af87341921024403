import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DASHBOARDS } from './built-in.ts';

type Required = Record<string, Record<string, Record<string, string>>>;

/** Every dashboard and panel that was asked for, with the visualisation that Grafana has for what it should look like. */
const REQUIRED: Required = JSON.parse(readFileSync(new URL('fixtures/required.json', import.meta.url), 'utf8'));
const rows = Object.entries(REQUIRED).flatMap(([system, dashboards]) =>
  Object.entries(dashboards).map(([title, panels]) => ({ system, title, panels })),
);

test('20 dashboards with 81 panels are asked for', () => {
  expect(rows.length).toBe(20);
  expect(rows.flatMap(({ panels }) => Object.keys(panels)).length).toBe(81);
});

test.each(rows)('$system has the dashboard $title with each panel, drawn as asked', ({ system, title, panels }) => {
  const found = [...DASHBOARDS].filter(
    ([file, dashboard]) => file.startsWith(`${system}/`) && dashboard.title === title,
  );
  expect(found.length).toBe(1);
  for (const [panel, type] of Object.entries(panels)) {
    const drawn = found.flatMap(([, dashboard]) => dashboard.panels).filter((one) => one.title === panel);
    expect(
      drawn.map((one) => one.type),
      panel,
    ).toEqual([type]);
  }
});

const requirements = fileURLToPath(new URL('../../../../shared/requirements.yaml', import.meta.url));
const present = existsSync(requirements);
const written: { id: string; dashboards: Record<string, string[]> }[] = present
  ? parse(readFileSync(requirements, 'utf8')).systems
  : [];

describe.skipIf(!present)(`the written requirements${present ? '' : ` (skipped: ${requirements} is not here)`}`, () => {
  test.each(written)('ask of $id for the same dashboards and panels', ({ id, dashboards }) => {
    const asked = Object.fromEntries(
      Object.entries(REQUIRED[id] ?? {}).map(([title, panels]) => [title, Object.keys(panels)]),
    );
    expect(dashboards).toEqual(asked);
  });
});
