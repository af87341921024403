import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN_CATALOGUE, openCatalogue } from '../../../scripts/catalogue-files.ts';
import { type Fleet, startFleet } from '../../../scripts/fleet/fleet.ts';
import { runProbeOnce } from '../../../scripts/probe/once.ts';
import type { Fault } from '../../../thresholds/faults.ts';
import type { Catalogue, ProbeSpec } from '../../../thresholds/model.ts';

const SYSTEM = 'personalization';
const PROVIDERS = ['gemini', 'deepseek'];

let folder: string;
let catalogue: Catalogue;
let fleet: Fleet;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-llm-'));
  const all = openCatalogue(BUILT_IN_CATALOGUE, { env: {}, environment: null });
  catalogue = { ...all, systems: all.systems.filter(({ id }) => id === SYSTEM).map(onlyModels) };
  fleet = await startFleet({ catalogue, ports: 'free', certificateDir: folder });
});
afterAll(async () => {
  await fleet.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The built-in catalogue as it is, but for limits that a test can wait for. */
function onlyModels(system: Catalogue['systems'][number]): Catalogue['systems'][number] {
  const sooner = (spec: ProbeSpec): ProbeSpec =>
    spec.kind === 'llm' && spec.tier === 'generation'
      ? { ...spec, timeoutMs: 8_000, firstTokenWithinMs: 1_500, gapWithinMs: 1_500 }
      : spec;
  return {
    ...system,
    services: system.services
      .filter(({ id }) => id === 'backend' || PROVIDERS.includes(id))
      .map((service) => ({
        ...service,
        furtherProbes: new Map([...service.furtherProbes].map(([name, spec]) => [name, sooner(spec)])),
      })),
  };
}

async function look() {
  const results = await runProbeOnce({ catalogue, addresses: fleet.addresses, caFile: fleet.caFile });
  return Object.fromEntries(
    results.map(({ target, outcome, reason }) => [target.slice(SYSTEM.length + 1), `${outcome} ${reason}`]),
  );
}

const allGood = Object.fromEntries(
  ['backend', 'backend/fallback', ...PROVIDERS.flatMap((id) => [id, `${id}/generation`])].map((target) => [
    target,
    'success none',
  ]),
);

describe('language models of the built-in catalogue', () => {
  it('are well, as is the fallback between them', async () => {
    expect(await look()).toEqual(allGood);
  });

  it('answer the forced failure from the fallback, which the result names', async () => {
    const results = await runProbeOnce({ catalogue, addresses: fleet.addresses, caFile: fleet.caFile });
    const fallback = results.find(({ target }) => target.endsWith('/fallback'));
    expect(fallback?.facts.llm?.answeredBy).toBe('deepseek');
  });

  it.each<[Fault, Record<string, string>]>([
    [
      { service: 'deepseek', kind: 'slow-first-token', delayMs: 3_000 },
      { 'deepseek/generation': 'failure first-token-timeout' },
    ],
    [
      { service: 'gemini', kind: 'slow-first-token', delayMs: 3_000 },
      { 'gemini/generation': 'failure first-token-timeout' },
    ],
    [{ service: 'gemini', kind: 'stalled-stream' }, { 'gemini/generation': 'failure stalled-stream' }],
    [{ service: 'gemini', kind: 'truncated-stream' }, { 'gemini/generation': 'failure truncated-stream' }],
    [
      { service: 'deepseek', kind: 'truncated-stream' },
      { 'deepseek/generation': 'failure truncated-stream', 'backend/fallback': 'failure status' },
    ],
    // What costs nothing still answers: only a completion tells.
    [{ service: 'gemini', kind: 'provider-errors' }, { 'gemini/generation': 'failure overloaded' }],
    [
      { service: 'deepseek', kind: 'provider-errors' },
      { 'deepseek/generation': 'failure overloaded', 'backend/fallback': 'failure status' },
    ],
    [{ service: 'gemini', kind: 'errors' }, { 'gemini/generation': 'failure provider-error' }],
    [{ service: 'gemini', kind: 'wrong-body' }, { 'gemini/generation': 'failure content-type' }],
    [
      { service: 'gemini', kind: 'down' },
      { gemini: 'failure refused', 'gemini/generation': 'failure refused' },
    ],
  ])('show $service $kind, and nothing else', async (fault, expected) => {
    await fleet.inject(SYSTEM, fault);
    try {
      const seen = await look();
      expect(seen).toEqual({ ...allGood, ...expected });
    } finally {
      await fleet.clear(SYSTEM, fault.service);
    }
  });
});
