import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN_CATALOGUE, openCatalogue } from '../../../scripts/catalogue-files.ts';
import { type Fleet, startFleet } from '../../../scripts/fleet/fleet.ts';
import { runProbeOnce } from '../../../scripts/probe/once.ts';
import type { Fault } from '../../../thresholds/faults.ts';
import type { Catalogue } from '../../../thresholds/model.ts';
import { httpSpec, tcpSpec, until } from '../../probes/support.ts';
import { catalogueOf, datastore, endpoint, expecting, httpService } from '../fleet/fixtures/catalogue.ts';

/** Long enough that a machine with other work answers within it. */
const TIMEOUT_MS = 1_500;

const healthy = expecting({ json: { '$.status': 'ok' } });
const probe = httpSpec({ timeoutMs: TIMEOUT_MS, expect: healthy });
const endpoints = [endpoint('GET', '/health', { expect: healthy })];

/** A plain and an encrypted web service, and a datastore. */
const shop = catalogueOf(
  httpService('web', { probe, endpoints }),
  httpService('pay', { probe, endpoints, address: { kind: 'fleet', tls: true } }),
  { ...datastore('cache', 'redis'), probe: tcpSpec({ timeoutMs: TIMEOUT_MS }) },
);

let folder: string;
let fleet: Fleet;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-'));
  fleet = await startFleet({ catalogue: shop, ports: 'free', certificateDir: folder });
});
afterAll(async () => {
  await fleet.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Outcome and reason of every target; once more where this process stalled meanwhile. */
async function look(catalogue: Catalogue, { addresses, caFile }: Fleet) {
  const results = await until(async () => {
    const seen = await runProbeOnce({ catalogue, addresses, caFile });
    return seen.some(({ reason }) => reason === 'lagging') ? undefined : seen;
  }, 20_000);
  return Object.fromEntries(results.map(({ target, outcome, reason }) => [target, `${outcome} ${reason}`]));
}

const allGood = { 'shop/web': 'success none', 'shop/pay': 'success none', 'shop/cache': 'success none' };

describe('one look at the fleet', () => {
  it.each<[Fault, string]>([
    [{ service: 'web', kind: 'down' }, 'failure refused'],
    [{ service: 'web', kind: 'refusing' }, 'failure reset'],
    [{ service: 'web', kind: 'hanging' }, 'failure timeout'],
    [{ service: 'web', kind: 'slow', delayMs: 3 * TIMEOUT_MS }, 'failure timeout'],
    [{ service: 'web', kind: 'errors' }, 'failure status'],
    [{ service: 'web', kind: 'wrong-body' }, 'failure json'],
    [{ service: 'pay', kind: 'expired-certificate' }, 'failure certificate-expired'],
    [{ service: 'cache', kind: 'down' }, 'failure refused'],
  ])('sees $service $kind, and nothing else', async (fault, expected) => {
    expect(await look(shop, fleet)).toEqual(allGood);
    await fleet.inject('shop', fault);
    expect(await look(shop, fleet)).toEqual({ ...allGood, [`shop/${fault.service}`]: expected });
    await fleet.clear('shop', fault.service);
    expect(await look(shop, fleet)).toEqual(allGood);
  });

  it('finds every target of the built-in catalogue well', async () => {
    const catalogue = openCatalogue(BUILT_IN_CATALOGUE, { env: {}, environment: null });
    const all = await startFleet({ catalogue, ports: 'free', certificateDir: folder });
    const seen = await look(catalogue, all).finally(() => all.stop());
    expect(Object.keys(seen).length).toBeGreaterThan(20);
    expect(Object.entries(seen).filter(([, outcome]) => outcome !== 'success none')).toEqual([]);
  });
});
