import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planDrill } from '../../../monitoring/drill/case.ts';
import { FAULTS } from '../../../scripts/fleet/faults/index.ts';
import { FAULT_KINDS } from '../../../thresholds/faults.ts';
import { loadCatalogue } from '../../../thresholds/load/load.ts';

const FOLDER = 'thresholds/catalogue';

function builtIn() {
  const files = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ path: `${FOLDER}/${name}`, text: readFileSync(`${FOLDER}/${name}`, 'utf8') }));
  const loaded = loadCatalogue(files, { env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.catalogue;
}

const { cases, undrillable } = planDrill(builtIn());

test('every kind of fault has at least one alert of the built-in catalogue that is drilled by it', () => {
  expect(undrillable).toEqual([]);
  const drilled = new Set(cases.map(({ fault }) => fault.kind));
  expect(FAULT_KINDS.filter((kind) => !drilled.has(kind))).toEqual([]);
});

test('the fleet can switch every one of them on', () => {
  const refused = cases.flatMap(({ id, system, fault, nearMiss }) =>
    [fault, ...(nearMiss === null ? [] : [nearMiss])].flatMap((each) => {
      const service = system.services.find((candidate) => candidate.id === each.service);
      const reason = service === undefined ? 'no service' : FAULTS[each.kind].refusal(service, each);
      return reason === null ? [] : [`${id}: ${reason}`];
    }),
  );
  expect(refused).toEqual([]);
});

test('faults that only probes see are spread, so that few cases wait for each other', () => {
  const probed = cases.filter(({ sight }) => sight.by === 'probe');
  expect(probed.map(({ fault }) => fault.kind).sort()).toEqual([
    'expired-certificate',
    'hanging',
    'refusing',
    'slow-first-token',
    'stalled-stream',
    'truncated-stream',
    'wrong-body',
  ]);
  const places = probed.map(({ fault, system }) => `${system.id}/${fault.service}`);
  // There are two simulated providers of language models for three faults.
  expect(new Set(places).size).toBeGreaterThanOrEqual(probed.length - 1);
});
