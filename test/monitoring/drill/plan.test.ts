import { describe, expect, test } from 'vitest';
import { planDrill } from '../../../monitoring/drill/case.ts';
import { findUnexplained, type Responsibility } from '../../../monitoring/drill/explain.ts';
import { conflict } from '../../../monitoring/drill/stages.ts';
import { episodes, firstFiring } from '../../../monitoring/drill/timeline.ts';
import { trafficQuery } from '../../../monitoring/drill/traffic.ts';
import type { FaultKind } from '../../../thresholds/faults.ts';
import type { Alert, System } from '../../../thresholds/model.ts';
import { catalogueOf, SHOP } from '../support.ts';
import { caseOf } from './support.ts';

describe('the plan', () => {
  test('holds every alert that is to be drilled, with the receivers of its severity', () => {
    const { cases, notDrilled, undrillable } = planDrill(catalogueOf(SHOP));
    expect(cases.map(({ id, service, receivers }) => [id, service, receivers])).toEqual([
      ['shop/ServiceDown', 'api', ['email', 'pagerduty']],
      ['shop/HighErrorRate', 'api', ['discord', 'slack']],
      ['shop/HighLatency', 'api', ['hook']],
      ['shop/LLMProviderError', 'api', ['email', 'pagerduty']],
      ['shop/ProbeFailing refusing', 'api', ['email', 'pagerduty']],
      ['shop/ProbeFailing hanging', 'api', ['email', 'pagerduty']],
    ]);
    expect({ notDrilled, undrillable }).toEqual({ notDrilled: [], undrillable: [] });
  });

  test('leaves an alert without a fault to the synthetic drill', () => {
    const catalogue = catalogueOf(SHOP);
    for (const { alerts } of catalogue.systems) for (const alert of alerts) alert.fault = null;
    const { cases, ...rest } = planDrill(catalogue);
    expect(cases.filter(({ sight }) => sight.by === 'scrapes')).toEqual([]);
    expect(rest).toEqual({ notDrilled: [], undrillable: [] });
  });

  test.each<[string, (system: System, alert: Alert) => void, RegExp]>([
    ['a fault elsewhere', (_, { fault }) => Object.assign(fault ?? {}, { service: 'web' }), /does not have/],
    [
      'a real service',
      ({ services }) => Object.assign(services[0] ?? {}, { address: { kind: 'url', url: 'http://api' } }),
      /shop\/api, a real service/,
    ],
    [
      'no receiver',
      (system) => Object.assign(system.routing, { receivers: [], bySeverity: {} }),
      /routes it to no receiver/,
    ],
  ])('an alert with %s cannot be drilled and says why', (_, change, reason) => {
    const catalogue = catalogueOf(SHOP);
    const [system] = catalogue.systems;
    const [alert] = system?.alerts ?? [];
    if (system === undefined || alert === undefined) throw new Error('no alert');
    change(system, alert);
    expect(planDrill(catalogue).undrillable[0]?.reason).toMatch(reason);
  });

  test('an alert that the catalogue excludes is listed with its reason', () => {
    const text = SHOP.replace("summary: 'slow", "drill: {mode: always, reason: never is inactive}\n    summary: 'slow");
    expect(planDrill(catalogueOf(text)).notDrilled).toEqual([
      { system: 'shop', alert: 'HighLatency', mode: 'always', reason: 'never is inactive' },
    ]);
  });
});

describe('traffic is measured where the condition looks', () => {
  test.each([
    ['ServiceDown', null],
    ['HighErrorRate', 'sum(rate(http_requests_total{system="shop",service="api"}[5s]))'],
    ['HighLatency', 'sum(rate(http_request_duration_seconds_count{system="shop",service="api"}[5s]))'],
    [
      'LLMProviderError',
      'sum(rate(llm_requests_total{system="shop",service="api",provider="api"}[5s])) or ' +
        'min(sum by (provider) (rate(llm_requests_total{system="shop",service="api"}[5s])) > 0)',
    ],
  ])('%s', (alert, query) => {
    expect(trafficQuery(caseOf(alert), '5s')).toBe(query);
  });
});

describe('episodes', () => {
  test('pending and firing without a gap are one, a gap ends it', () => {
    expect(episodes({ pending: [1_000, 1_250, 5_000], firing: [1_500, 1_750] }, 250)).toEqual([
      { pendingAtMs: 1_000, firingAtMs: 1_500, endedAtMs: 2_000 },
      { pendingAtMs: 5_000, firingAtMs: null, endedAtMs: 5_250 },
    ]);
  });

  test('an alert without `for` was never pending', () => {
    expect(episodes({ pending: [], firing: [1_000] }, 250)).toEqual([
      { pendingAtMs: null, firingAtMs: 1_000, endedAtMs: 1_250 },
    ]);
  });

  test('the first firing one counts that was not over before', () => {
    const list = episodes({ pending: [3_000], firing: [1_000, 4_000] }, 250);
    expect(firstFiring(list, 2_000)?.firingAtMs).toBe(4_000);
    expect(firstFiring(list, 5_000)).toBeUndefined();
  });
});

describe('what fired is explained by the fault that was on', () => {
  const down = caseOf('ServiceDown');
  const withConsequence = { ...down, alert: { ...down.alert, consequences: ['HighErrorRate'] } };
  const on = (change: Partial<Responsibility> = {}): Responsibility => ({
    drillCase: withConsequence,
    stage: 'fault',
    fromMs: 1_000,
    untilMs: 2_000,
    ...change,
  });
  const fired = (change = {}) => ({
    alert: 'ServiceDown',
    system: 'shop',
    service: 'api',
    firingAtMs: 1_500,
    ...change,
  });

  test.each([
    ['its own alert', fired(), on()],
    ['a consequence at any service', fired({ alert: 'HighErrorRate', service: 'web' }), on()],
    ['a probe of the service that fails', fired({ alert: 'ProbeFailing' }), on()],
    ['a probe in the near miss of another alert', fired({ alert: 'ProbeFailing' }), on({ stage: 'near miss' })],
    ['its own alert in the near miss, which has a reason of its own', fired(), on({ stage: 'near miss' })],
  ])('%s', (_, alert, responsibility) => {
    expect(findUnexplained([alert], [responsibility])).toEqual([]);
  });

  test.each([
    ['another alert', fired({ alert: 'HighLatency' }), on(), 1],
    ['its own alert at another service', fired({ service: 'web' }), on(), 1],
    ['a consequence in the near miss', fired({ alert: 'HighErrorRate' }), on({ stage: 'near miss' }), 1],
    ['a failing probe of another service', fired({ alert: 'ProbeFailing', service: 'web' }), on(), 1],
    ['another alert on probes', fired({ alert: 'ProbeUnknown' }), on(), 1],
    [
      'a failing probe under slow answers',
      fired({ alert: 'ProbeFailing' }),
      on({ drillCase: caseOf('HighLatency') }),
      1,
    ],
    ['the same alert in another system', fired({ system: 'bank' }), on(), 0],
    ['anything before the fault', fired({ firingAtMs: 900 }), on(), 0],
    ['anything after it is resolved', fired({ firingAtMs: 2_100 }), on(), 0],
  ])('%s is not', (_, alert, responsibility, during) => {
    const [unexplained] = findUnexplained([alert], [responsibility]);
    expect(unexplained?.during).toHaveLength(during);
  });
});

describe('cases run side by side', () => {
  const down = caseOf('ServiceDown');
  const errors = caseOf('HighErrorRate');
  const elsewhere = { ...errors, fault: { ...errors.fault, service: 'web' }, nearMiss: null };
  const causing = { ...down, alert: { ...down.alert, consequences: ['HighErrorRate'] } };
  const bank = { ...errors, system: { ...errors.system, id: 'bank' } };
  const plant = catalogueOf(
    SHOP.replace(
      '    metrics:\n',
      `    metrics:
      - {name: cpu_percent, type: gauge, sim: {value: 1, faults: {cpu: 9, memory: 5}}}
      - {name: memory_bytes, type: gauge, sim: {value: 1, faults: {memory: 9}}}
      - {name: drift_score, type: gauge, sim: {value: 0, faults: {drift: 1}}}
`,
    ),
  ).systems[0];
  if (plant === undefined) throw new Error('no system');
  const kind = (kind: FaultKind, metrics?: string[]) => ({
    ...down,
    system: plant,
    fault: { service: 'api', kind, ...(metrics === undefined ? {} : { metrics }) },
    nearMiss: null,
  });

  test.each([
    ['the same service', { drillCase: down, kind: 'near miss' }, { drillCase: errors, kind: 'near miss' }, true],
    ['another service', { drillCase: down, kind: 'fault' }, { drillCase: elsewhere, kind: 'fault' }, false],
    [
      'a consequence of a fault',
      { drillCase: causing, kind: 'fault' },
      { drillCase: elsewhere, kind: 'near miss' },
      true,
    ],
    [
      'a consequence of a near miss',
      { drillCase: causing, kind: 'near miss' },
      { drillCase: elsewhere, kind: 'fault' },
      false,
    ],
    ['another system', { drillCase: causing, kind: 'fault' }, { drillCase: bank, kind: 'fault' }, false],
    ['one whose alert is inactive', { drillCase: causing, kind: 'over' }, { drillCase: errors, kind: 'fault' }, false],
    ['who fires that alert anew', { drillCase: errors, kind: 'over' }, { drillCase: causing, kind: 'fault' }, true],
    ['the same alert that is inactive', { drillCase: down, kind: 'over' }, { drillCase: down, kind: 'fault' }, true],
    ...(
      [
        ['faults that move metrics of their own', kind('cpu'), kind('drift'), false],
        ['faults that move the same metric', kind('cpu'), kind('memory'), true],
        ['the same fault', kind('cpu'), kind('cpu'), true],
        ['slow answers and a metric that measures none', kind('slow'), kind('cpu'), false],
        ['slow answers, twice', kind('slow'), kind('slow'), true],
        ['a metric that vanishes and another one', kind('vanished-metrics', ['drift_score']), kind('cpu'), false],
        ['a metric that vanishes and moves', kind('vanished-metrics', ['cpu_percent']), kind('cpu'), true],
        ['every metric that vanishes', kind('vanished-metrics'), kind('cpu'), true],
        ['a service that answers differently', kind('cpu'), kind('unloaded-model'), true],
      ] as const
    ).map(([name, a, b, disturbed]) => {
      return [name, { drillCase: a, kind: 'fault' }, { drillCase: b, kind: 'near miss' }, disturbed] as const;
    }),
  ] as const)('unless they disturb each other: %s', (_, a, b, disturbed) => {
    expect(conflict(a, b)).toBe(disturbed);
    expect(conflict(b, a)).toBe(disturbed);
  });
});
