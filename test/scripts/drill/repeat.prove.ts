import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planDrill } from '../../../monitoring/drill/case.ts';
import { runDrill } from '../../../scripts/drill/drill.ts';
import { describeFault } from '../../../thresholds/faults.ts';
import { loadCatalogue } from '../../../thresholds/load/load.ts';
import { drillOptions } from './support.ts';

const FOLDER = 'thresholds/catalogue';
const ROUNDS = 5;
const AT_ONCE = 2;

test(`the built-in catalogue drills alike ${ROUNDS * AT_ONCE} times, ${AT_ONCE} drills side by side`, {
  timeout: ROUNDS * 120_000,
}, async () => {
  const files = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ path: `${FOLDER}/${name}`, text: readFileSync(`${FOLDER}/${name}`, 'utf8') }));
  const loaded = loadCatalogue(files, { env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { catalogue } = loaded;
  const expected = planDrill(catalogue).cases.map(({ system, alert, fault }) => ({
    id: `${system.id}/${alert.name}: ${describeFault(fault)}`,
    outcome: 'pass',
    reason: '',
  }));
  expect(expected.length).toBeGreaterThanOrEqual(25);
  for (let round = 0; round < ROUNDS; round++) {
    const results = await Promise.all(
      Array.from({ length: AT_ONCE }, async () => runDrill(await drillOptions(catalogue))),
    );
    for (const { rows, problems } of results) {
      expect(problems).toEqual([]);
      const found = rows.map(({ system, alert, fault, outcome, reason }) => {
        return { id: `${system}/${alert}: ${fault}`, outcome, reason };
      });
      expect(found.sort((a, b) => a.id.localeCompare(b.id))).toEqual(
        expected.toSorted((a, b) => a.id.localeCompare(b.id)),
      );
    }
  }
});
