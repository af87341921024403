import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN_CATALOGUE, openCatalogue } from '../../../scripts/catalogue-files.ts';
import { type Fleet, startFleet } from '../../../scripts/fleet/fleet.ts';
import { runProbeOnce } from '../../../scripts/probe/once.ts';
import { FAULT_KINDS, type FaultKind } from '../../../thresholds/faults.ts';
import { until } from '../../probes/support.ts';

/**
 * Every fault of the fleet on services of the built-in catalogue, and what a look at all of it then finds beside successes. Nothing: the
 * fault is none of the service's answer, and its alerts look elsewhere (metrics, shares of requests, quality).
 */
const FAULTS: readonly (readonly [FaultKind, service: string, found: Readonly<Record<string, string>>])[] = [
  ['down', 'face-attributes/ml-api', { 'face-attributes/ml-api': 'failure refused' }],
  ['down', 'flashcards/redis', { 'flashcards/redis': 'failure refused' }],
  ['down', 'flashcards/cadvisor', { 'flashcards/cadvisor': 'failure refused' }],
  ['down', 'mcp-service/mcp-service', { 'mcp-service/mcp-service': 'failure refused' }],
  ['down', 'personalization/database', { 'personalization/database': 'failure refused' }],
  [
    'down',
    'personalization/gemini',
    { 'personalization/gemini': 'failure refused', 'personalization/gemini/generation': 'failure refused' },
  ],
  ['refusing', 'face-attributes/ml-api', { 'face-attributes/ml-api': 'failure reset' }],
  ['refusing', 'personalization/database', { 'personalization/database': 'failure reset' }],
  ['refusing', 'mcp-service/mcp-service', { 'mcp-service/mcp-service': 'failure reset' }],
  ['hanging', 'mcp-service/mcp-service', { 'mcp-service/mcp-service': 'failure timeout' }],
  ['slow', 'face-attributes/ml-api', { 'face-attributes/ml-api': 'failure timeout' }],
  ['errors', 'face-attributes/ml-api', { 'face-attributes/ml-api': 'failure status' }],
  ['errors', 'mcp-service/mcp-service', { 'mcp-service/mcp-service': 'failure status' }],
  ['errors', 'personalization/gemini', { 'personalization/gemini/generation': 'failure provider-error' }],
  ['wrong-body', 'face-attributes/ml-api', { 'face-attributes/ml-api': 'failure json' }],
  ['wrong-body', 'flashcards/cadvisor', { 'flashcards/cadvisor': 'failure text' }],
  ['wrong-body', 'mcp-service/mcp-service', { 'mcp-service/mcp-service': 'failure protocol' }],
  ['wrong-body', 'personalization/gemini', { 'personalization/gemini/generation': 'failure content-type' }],
  ['expired-certificate', 'mcp-tools/open-webui', { 'mcp-tools/open-webui': 'failure certificate-expired' }],
  ['provider-errors', 'personalization/gemini', { 'personalization/gemini/generation': 'failure overloaded' }],
  [
    'slow-first-token',
    'personalization/gemini',
    { 'personalization/gemini/generation': 'failure first-token-timeout' },
  ],
  ['stalled-stream', 'personalization/gemini', { 'personalization/gemini/generation': 'failure stalled-stream' }],
  ['truncated-stream', 'personalization/gemini', { 'personalization/gemini/generation': 'failure truncated-stream' }],
  ['slow-queries', 'flashcards/redis', { 'flashcards/redis': 'failure timeout' }],
  ['exhausted-pool', 'flashcards/redis', { 'flashcards/redis': 'failure saturated' }],
  ['exhausted-pool', 'personalization/database', { 'personalization/database': 'failure saturated' }],
  ['unloaded-model', 'face-attributes/ml-api', { 'face-attributes/ml-api': 'failure status' }],
  ['vanished-metrics', 'flashcards/cadvisor', { 'flashcards/cadvisor': 'failure text' }],
  ['silent-metrics', 'flashcards/cadvisor', { 'flashcards/cadvisor': 'failure timeout' }],
  ['cold-cache', 'flashcards/redis-exporter', {}],
  ['cpu', 'face-attributes/ml-api', {}],
  ['memory', 'face-attributes/ml-api', {}],
  ['disk', 'face-attributes/ml-api', {}],
  ['drift', 'face-attributes/ml-api', {}],
  ['accuracy', 'face-attributes/ml-api', {}],
];

/** Longer than the timeouts of the catalogue. */
const SLOW_MS = 8_000;

const catalogue = openCatalogue(BUILT_IN_CATALOGUE, { env: {}, environment: null });
let folder: string;
let fleet: Fleet;
let targets: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-'));
  fleet = await startFleet({ catalogue, ports: 'free', certificateDir: folder });
  targets = (await look()).map(([target]) => target);
});
afterAll(async () => {
  await fleet?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Outcome and reason of every target: the rows of `probe --once --json`; once more where this process stalled meanwhile. */
async function look(): Promise<[string, string][]> {
  const results = await until(async () => {
    const seen = await runProbeOnce({ catalogue, addresses: fleet.addresses, caFile: fleet.caFile });
    return seen.some(({ reason }) => reason === 'lagging') ? undefined : seen;
  }, 20_000);
  return results.map(({ target, outcome, reason }) => [target, `${outcome} ${reason}`]);
}

describe('one look at the built-in catalogue', () => {
  it('has a row for every fault that the fleet can show', () => {
    expect([...new Set(FAULTS.map(([kind]) => kind))].sort()).toEqual([...FAULT_KINDS].sort());
  });

  it.each(FAULTS)('under the fault %s of %s finds exactly %o', async (kind, place, found) => {
    const [system = '', service = ''] = place.split('/');
    await fleet.inject(system, { service, kind, ...(kind.startsWith('slow') && { delayMs: SLOW_MS }) });
    const seen = await look().finally(() => fleet.clear(system, service));
    expect(seen.map(([target]) => target)).toEqual(targets);
    expect(Object.fromEntries(seen.filter(([, outcome]) => outcome !== 'success none'))).toEqual(found);
  });
});
