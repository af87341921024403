import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { type FleetProcess, startFleetProcess } from '../../../scripts/fleet/process.ts';
import { HarnessError } from '../../../scripts/process/harness-error.ts';
import { catalogueOf, httpService, level, metric } from './fixtures/catalogue.ts';
import { ask, outcomeOf, until } from './fixtures/client.ts';

let running: FleetProcess | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const catalogue = catalogueOf(httpService('api', { metrics: [metric('up', 'gauge', level(1))] }));

async function start(options: Partial<Parameters<typeof startFleetProcess>[0]> = {}) {
  running = await startFleetProcess({ catalogue, ports: 'free', ...options });
  return { fleet: running, url: running.addresses.get('shop/api') ?? '' };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a fleet in a process of its own', () => {
  test('serves, takes faults and tells what it did', async () => {
    const { fleet, url } = await start();
    expect(fleet.pid).not.toBe(process.pid);
    expect((await ask(`${url}/health`)).status).toBe(200);
    await fleet.inject('shop', { service: 'api', kind: 'errors' });
    expect((await ask(`${url}/health`)).status).toBe(500);
    await fleet.clear('shop', 'api', 'errors');
    expect((await ask(`${url}/health`)).status).toBe(200);
    const { services, cpuSeconds } = await fleet.stats();
    expect(services['shop/api']?.endpoints['GET /health']).toEqual({ requests: 3, errors: 1 });
    expect(cpuSeconds).toBeGreaterThan(0);
  });

  test('sends background traffic until it is stopped', async () => {
    const { fleet } = await start();
    await fleet.startBackground({ requestsPerSecond: 50 });
    const sent = async () => (await fleet.stats()).background.requests;
    await until(sent, (count) => count > 10);
    await fleet.stopBackground();
    const rest = await sent();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await sent()).toBe(rest);
  });

  test('refuses as the fleet itself does', async () => {
    const { fleet } = await start();
    const failure = await fleet.inject('shop', { service: 'api', kind: 'cpu' }).catch((error) => error);
    expect(failure).toBeInstanceOf(HarnessError);
    expect(failure.reason).toMatch(/no metric of the service declares it/);
  });

  test('leaves no process and no port behind', async () => {
    const { fleet, url } = await start();
    await fleet.stop();
    await fleet.stop();
    expect(isAlive(fleet.pid)).toBe(false);
    expect(await outcomeOf(ask(`${url}/health`))).toBe('ECONNREFUSED');
  });

  test('outlives the Ctrl-C of a terminal: its parent decides when it ends', async () => {
    const { fleet, url } = await start();
    process.kill(fleet.pid, 'SIGINT');
    expect((await ask(`${url}/health`)).status).toBe(200);
    expect((await fleet.stats()).services).toHaveProperty(['shop/api']);
  });
});

describe('a fleet that fails', () => {
  test('to start says why, and leaves no process', async () => {
    const broken = catalogueOf(httpService('api', { metrics: [metric('a', 'histogram', level(1))] }));
    const failure = await startFleetProcess({ catalogue: broken, ports: 'free' }).catch((error) => error);
    expect(failure).toBeInstanceOf(HarnessError);
    expect(failure.describe()).toMatch(/shop\/api: the fleet cannot simulate its metrics\n.*needs a distribution/);
  });

  test('to get ready in time is reported at the deadline', async () => {
    const failure = await startFleetProcess({ catalogue, ports: 'free', readyWithinMs: 1 }).catch((error) => error);
    expect(failure.message).toBe('the simulated fleet did not get ready in time');
  });

  test('while it runs is reported at once, and to whoever waits', async () => {
    const died = Promise.withResolvers<HarnessError>();
    const { fleet } = await start({ onDied: died.resolve });
    const waiting = fleet.stats().catch((error) => error);
    process.kill(fleet.pid, 'SIGKILL');
    const error = await died.promise;
    expect(error.describe()).toContain('the simulated fleet ended while the run needed it\n  killed by SIGKILL');
    await waiting;
    await expect(fleet.stats()).rejects.toThrow('the simulated fleet ended');
  });

  test('is not reported when it was stopped', async () => {
    const reports: unknown[] = [];
    const { fleet } = await start({ onDied: (error) => reports.push(error) });
    await fleet.stop();
    expect(reports).toEqual([]);
  });
});

test('a fleet ends with its parent, however that ends', async () => {
  const parent = fork(new URL('./fixtures/parent.ts', import.meta.url), {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  parent.send(catalogue);
  const [pid] = (await once(parent, 'message')) as [number];
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await until(
    () => isAlive(pid),
    (alive) => !alive,
  );
});
