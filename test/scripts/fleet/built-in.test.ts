import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILT_IN_CATALOGUE, openCatalogue } from '../../../scripts/catalogue-files.ts';
import { type Fleet, startFleet } from '../../../scripts/fleet/fleet.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { ask, checkMetrics, until } from './fixtures/client.ts';

const catalogue = openCatalogue(BUILT_IN_CATALOGUE, { env: {}, environment: 'sim' });
const services = catalogue.systems.flatMap((system) => system.services);
const scraped = services.filter(({ scrape, metrics }) => scrape !== null && metrics.length > 0);
const alerts = catalogue.systems.flatMap((system) => system.alerts);

let fleet: Fleet;
let folder: string;
let ca: string | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-'));
  fleet = await startFleet({ catalogue, ports: 'free', certificateDir: folder });
  ca = fleet.caFile === null ? undefined : await readFile(fleet.caFile, 'utf8');
});

afterAll(async () => {
  await fleet.stop();
  await rm(folder, { recursive: true, force: true });
});

async function page(target: string, path: string): Promise<string> {
  const { status, text } = await ask(`${fleet.addresses.get(target)}${path}`, ca === undefined ? {} : { ca });
  expect(status).toBe(200);
  return text;
}

describe('the built-in catalogue', () => {
  test('is simulated whole', () => {
    expect([...fleet.addresses.keys()]).toEqual(services.map(({ target }) => target));
    expect(new Set(fleet.addresses.values()).size).toBe(services.length);
  });

  test('answers 2,000 requests to all endpoints without an error', async () => {
    await fleet.startBackground({ requestsPerSecond: 60 });
    const stats = await until(
      () => fleet.stats(),
      ({ background }) => background.requests >= 2_000,
      25_000,
    );
    await fleet.stopBackground();
    expect(stats.background).toMatchObject({ errors: 0, lastError: null });
    const endpoints = Object.values(stats.services).flatMap((service) => Object.values(service.endpoints));
    expect(endpoints.reduce((sum, { errors }) => sum + errors, 0)).toBe(0);
    expect(endpoints.reduce((sum, { requests }) => sum + requests, 0)).toBeGreaterThanOrEqual(2_000);
  });

  test.each(scraped.map((service) => [service.target, service] as const))(
    '%s exports every metric of the catalogue, with its type and labels',
    async (target, service) => {
      const text = await page(target, service.scrape?.path ?? '/metrics');
      for (const { name, type, labels } of service.metrics) {
        expect(text).toContain(`# TYPE ${name} ${type}\n`);
        const sample = new RegExp(`^${name}(_count)?(\\{.*\\})? \\S+$`, 'm').exec(text)?.[0];
        expect(sample, `${name} has no series`).toBeDefined();
        for (const label of Object.keys(labels))
          expect(text).toMatch(new RegExp(`^${name}\\w*\\{.*\\b${label}="`, 'm'));
      }
    },
  );

  test('exports pages that promtool accepts', async () => {
    const { path: promtool } = await resolveTool('promtool');
    for (const { target, scrape } of scraped) {
      const text = await page(target, scrape?.path ?? '/metrics');
      const output = await checkMetrics(promtool, text);
      expect(output, target).not.toMatch(/error while linting/);
    }
  });

  test('moves every metric that counts requests', async () => {
    for (const { target, scrape, metrics } of scraped) {
      const text = await page(target, scrape?.path ?? '/metrics');
      for (const { name, sim, type } of metrics) {
        // A share of nothing moves under a fault alone.
        if (sim?.kind !== 'requests' || sim.share[0] === sim.share[1]) continue;
        const series = type === 'histogram' ? `${name}_count` : name;
        const values = [...text.matchAll(new RegExp(`^${series}(?:\\{.*\\})? (\\S+)$`, 'gm'))].map(([, value]) =>
          Number(value),
        );
        expect(Math.max(...values), `${target} ${name}`).toBeGreaterThan(0);
      }
    }
  });

  test.each(
    alerts.flatMap(({ name, system, fault, nearMiss }) =>
      [fault, nearMiss].flatMap((each) => (each === null ? [] : [[`${system} ${name}`, system, each] as const])),
    ),
  )('can be given the faults of %s', async (_, system, fault) => {
    await fleet.inject(system, fault);
    await fleet.clear(system);
  });

  test('is healthy again after all of them', async () => {
    const before = (await fleet.stats()).background;
    await fleet.startBackground({ requestsPerSecond: 20 });
    const { background } = await until(
      () => fleet.stats(),
      (stats) => stats.background.requests >= before.requests + 200,
    );
    await fleet.stopBackground();
    expect(background).toMatchObject({ errors: 0, lastError: null });
  });
});
