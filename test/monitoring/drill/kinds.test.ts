import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planDrill } from '../../../monitoring/drill/case.ts';
import { conflict, type Stage } from '../../../monitoring/drill/stages.ts';
import { FAULTS } from '../../../scripts/fleet/faults/index.ts';
import { FAULT_KINDS, type FaultKind } from '../../../thresholds/faults.ts';
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

/** The case of the built-in catalogue with this fault at one of its providers of language models. */
function stage(kind: FaultKind, of: Stage['kind']): Stage {
  const drillCase = cases.find(({ system, fault }) => system.id === 'personalization' && fault.kind === kind);
  if (drillCase === undefined) throw new Error(`no case of ${kind}`);
  return { drillCase, kind: of };
}

test.each([
  // While Gemini fails, the API tells of it only once DeepSeek has answered.
  [stage('provider-errors', 'fault'), stage('slow-first-token', 'near miss'), true],
  [stage('provider-errors', 'near miss'), stage('slow-first-token', 'fault'), false],
  [stage('truncated-stream', 'fault'), stage('slow-first-token', 'fault'), true],
  // Both rightly fire what watches the calls of the API.
  [stage('truncated-stream', 'fault'), stage('stalled-stream', 'fault'), false],
  [stage('truncated-stream', 'fault'), stage('provider-errors', 'near miss'), true],
])('providers that one service calls in turn are apart where its alerts would mix them up', (a, b, apart) => {
  expect(conflict(a, b)).toBe(apart);
  expect(conflict(b, a)).toBe(apart);
});
