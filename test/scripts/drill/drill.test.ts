import { expect, test } from 'vitest';
import { prepareDrill, runDrill } from '../../../scripts/drill/drill.ts';
import type { DrillState } from '../../../scripts/drill/progress.ts';
import { drillOptions, shops } from './support.ts';

const LIMIT_MS = 90_000;

test('an alert goes from the fault to exactly its receivers and back', { timeout: LIMIT_MS }, async () => {
  const states: DrillState[] = [];
  const options = await drillOptions(shops({ shop: 'ServiceDown' }));
  const { rows, problems, notDrilled } = await runDrill({
    ...options,
    onProgress: ({ case: id, state }) => void (id === 'shop/ServiceDown' && states.push(state)),
  });
  expect({ problems, notDrilled }).toEqual({ problems: [], notDrilled: [] });
  const passed = {
    outcome: 'pass',
    reason: '',
    receiver: 'email, pagerduty',
    deliveredTo: ['email', 'pagerduty'],
    nearMissSilent: true,
    compression: 60,
  };
  expect(rows).toEqual([
    expect.objectContaining({ ...passed, alert: 'ServiceDown', fault: 'api down' }),
    expect.objectContaining({ ...passed, alert: 'ProbeFailing', fault: 'api hanging' }),
    expect.objectContaining({ ...passed, alert: 'ProbeFailing', fault: 'api refusing' }),
  ]);
  const [row] = rows;
  expect(row?.deliveredSeconds).toBeGreaterThanOrEqual(row?.predictedSeconds?.[0] ?? Number.NaN);
  expect(row?.deliveredSeconds).toBeLessThanOrEqual(row?.predictedSeconds?.[1] ?? Number.NaN);
  expect(row?.resolvedSeconds).toBeLessThan(1.6);
  expect(states.filter((state) => state !== 'again')).toEqual(
    expect.arrayContaining(['near miss', 'fault on', 'firing', 'delivered', 'resolving', 'pass']),
  );
});

test.each(['Prometheus', 'Alertmanager'])(
  '%s dying half-way is a broken harness, not a missed alert',
  { timeout: LIMIT_MS },
  async (name) => {
    const options = await drillOptions(shops({ shop: 'ServiceDown' }));
    const { fleet } = options;
    const injected: string[] = [];
    const cleared: string[] = [];
    const drill = await prepareDrill({
      ...options,
      fleet: {
        ...fleet,
        inject: async (system, fault) => {
          injected.push(`${system}/${fault.service} ${fault.kind}`);
          await fleet.inject(system, fault);
          if (fault.durationMs === undefined) options.scope.kill(name);
        },
        clear: async (system, service, kind) => {
          cleared.push(`${system}/${service} ${kind}`);
          await fleet.clear(system, service, kind);
        },
      },
    });
    const { rows, problems } = await drill.run();
    await drill.stop();
    expect(problems).toEqual([{ phase: 'drill', outcome: 'broken', reason: expect.stringContaining(name) }]);
    const unfinished = expect.objectContaining({ outcome: 'broken', reason: expect.stringContaining('not finished') });
    expect(rows).toEqual([unfinished, unfinished, unfinished]);
    expect(injected.length).toBeGreaterThan(0);
    expect(cleared).toEqual(injected);
  },
);

test('an aborted drill switches its fault off and throws', { timeout: LIMIT_MS }, async () => {
  const options = await drillOptions(shops({ shop: 'ServiceDown' }));
  const { fleet } = options;
  const abort = new AbortController();
  const running = runDrill({
    ...options,
    signal: abort.signal,
    onProgress: ({ state }) => void (state === 'pending' && abort.abort(new Error('interrupted'))),
  });
  await expect(running).rejects.toThrow('interrupted');
  const response = await fetch(`${fleet.addresses.get('shop/api')}/items`);
  expect(response.status).toBe(200);
});
