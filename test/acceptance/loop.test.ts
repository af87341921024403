import { describe, expect, test } from 'vitest';
import { BUILT_IN_CATALOGUE, readCatalogueFiles } from '../../scripts/catalogue-files.ts';
import type { ProbeOnceResult } from '../../scripts/probe/once.ts';
import { loadCatalogue } from '../../thresholds/load/load.ts';
import type { Catalogue } from '../../thresholds/model.ts';
import type { Verdict } from '../../thresholds/verdict.ts';
import { type CliResult, cli, run, SIMULATED, writeCatalogue } from './support.ts';

/** About 70 s, and the end of whatever else measures on this machine. */
const DEADLINE_MS = 400_000;

function builtIn(): Catalogue {
  const result = loadCatalogue(readCatalogueFiles(BUILT_IN_CATALOGUE), { env: {} });
  if (!result.ok) throw new Error('the built-in catalogue has problems');
  return result.catalogue;
}

const services = builtIn().systems.flatMap((system) => system.services);
const targets = services.map(({ target }) => target).sort();
/** The services, and what is probed of them besides. */
const probed = services
  .flatMap(({ target, furtherProbes }) => [target, ...[...furtherProbes.keys()].map((name) => `${target}/${name}`)])
  .sort();
/** Alerts with a fault of the fleet: at least these are drilled. */
const drilled = builtIn().systems.flatMap(({ id, alerts }) =>
  alerts.filter(({ fault }) => fault !== null).map(({ name }) => `${id}/${name}`),
);
const unique = (names: readonly string[]) => [...new Set(names)].sort();

describe('nightly on the built-in catalogue', () => {
  type Nightly = CliResult & { verdict: Verdict | null };
  let run28: Promise<Nightly> | undefined;
  /** One run for all tests here: whichever comes first starts it. */
  const nightly = (): Promise<Nightly> => {
    // Under the machine's own locks: another run beside it would be measured too.
    run28 ??= run(['nightly'], { deadlineMs: DEADLINE_MS, env: { XDG_CACHE_HOME: process.env.XDG_CACHE_HOME } });
    return run28;
  };

  test('passes', { timeout: DEADLINE_MS }, async () => {
    const result = await nightly();
    expect(result.stdout).toMatch(/^ {2}PASS /m);
    expect(result.verdict?.outcome).toBe('pass');
    expect(result.code).toBe(0);
  });

  test('has a load row for every one of the 28 services, of its own kind', { timeout: DEADLINE_MS }, async () => {
    const result = await nightly();
    const rows = result.verdict?.load ?? [];
    expect(targets).toHaveLength(28);
    expect(unique(rows.map((row) => `${row.system}/${row.service}`))).toEqual(targets);
    for (const { target, kind } of services) {
      const own = rows.filter((row) => `${row.system}/${row.service}` === target);
      const loaded = kind === 'http' || kind === 'llm' || kind === 'mcp';
      expect(
        own.some(({ source }) => source === (loaded ? 'k6' : 'prometheus')),
        target,
      ).toBe(true);
      if (kind === 'llm')
        expect(
          own.some(({ provider }) => provider !== undefined),
          target,
        ).toBe(true);
    }
  });

  test('judges no row on zero samples', { timeout: DEADLINE_MS }, async () => {
    const result = await nightly();
    expect(result.verdict?.load.filter(({ samples }) => samples === 0)).toEqual([]);
    expect(result.verdict?.probes.filter(({ runs }) => runs === 0)).toEqual([]);
  });

  test('has a probe row for every service', { timeout: DEADLINE_MS }, async () => {
    const result = await nightly();
    expect((result.verdict?.probes ?? []).map(({ target }) => target).sort()).toEqual(probed);
  });

  test('drills every alert with a fault to its receivers and back', { timeout: DEADLINE_MS }, async () => {
    const result = await nightly();
    const alerts = result.verdict?.alerts ?? [];
    expect(drilled.length).toBeGreaterThanOrEqual(18);
    expect(alerts.map(({ system, alert }) => `${system}/${alert}`)).toEqual(expect.arrayContaining(drilled));
    for (const row of alerts) {
      expect(row.deliveredTo, row.alert).toEqual(row.receiver.split(', '));
      expect(row.resolvedSeconds, row.alert).toBeGreaterThan(0);
    }
  });

  test('shows progress as plain lines of 80 columns, and ends with counts, folder and exit code', {
    timeout: 200_000,
  }, async () => {
    const result = await nightly();
    const lines = result.stdout.trimEnd().split('\n');
    for (const phase of ['stack', 'load', 'probes', 'drill']) {
      expect(
        lines.some((line) => line.startsWith(`  ${phase} `)),
        phase,
      ).toBe(true);
    }
    expect(result.stdout).not.toContain('\x1b');
    expect(lines.at(-1)).toMatch(new RegExp(`verdict\\.json +exit ${result.code}$`));
  });
});

test('probe --once lists every service of the built-in fleet as success', async () => {
  const { code, stdout } = await cli(['probe', '--once', '--json']);
  const rows = JSON.parse(stdout) as ProbeOnceResult[];
  expect(rows.map(({ target }) => target).sort()).toEqual(probed);
  expect(rows.filter(({ outcome }) => outcome !== 'success')).toEqual([]);
  expect(code).toBe(0);
});

test('probe --once fails on a service that is down', async () => {
  const catalogue = writeCatalogue(`
system: shop
title: Web shop
team: shop
environment: here
services: [{id: web, kind: http, address: 'http://127.0.0.1:1', scrape: false, endpoints: [{path: /a}]}]
`);
  const { code, stdout } = await cli(['probe', '--once', '--catalogue', catalogue]);
  expect(stdout).toContain('shop/web');
  expect(code).toBe(1);
});

describe('drill of one alert', () => {
  const SHOP = `${SIMULATED}    nearMiss: {service: api, kind: down, duration: 30s}
`;

  test('passes', async () => {
    const { code, verdict } = await run(['drill', '--catalogue', writeCatalogue(SHOP)]);
    const passed = { system: 'shop', deliveredTo: ['hook'], nearMissSilent: true, outcome: 'pass' };
    expect(verdict?.alerts).toMatchObject([
      { ...passed, alert: 'ServiceDown', fault: 'api down' },
      { ...passed, alert: 'ProbeFailing', fault: 'api hanging' },
      { ...passed, alert: 'ProbeFailing', fault: 'api refusing' },
    ]);
    expect(code).toBe(0);
  });

  test('fails when the near miss is no miss at all', async () => {
    const catalogue = writeCatalogue(SHOP.replace('duration: 30s', 'duration: 3m'));
    const { code, verdict } = await run(['drill', '--catalogue', catalogue]);
    expect(verdict?.alerts[0]).toMatchObject({ nearMissSilent: false, outcome: 'fail' });
    expect(code).toBe(1);
  });

  test('of a catalogue without alerts is inconclusive: nothing was looked at', async () => {
    const { code, verdict } = await run([
      'drill',
      '--catalogue',
      writeCatalogue(SHOP.split('alerts:\n  - name')[0] ?? ''),
    ]);
    expect(verdict).toMatchObject({ outcome: 'inconclusive', alerts: [] });
    expect(code).toBe(4);
  });
});
