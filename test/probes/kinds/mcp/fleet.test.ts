import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fleet } from '../../../../scripts/fleet/fleet.ts';
import type { Fault } from '../../../../thresholds/faults.ts';
import type { McpProbeSpec } from '../../../../thresholds/model.ts';
import { expecting, mcpService, tool } from '../../../scripts/fleet/fixtures/catalogue.ts';
import { fleetOf } from '../../../scripts/fleet/fixtures/client.ts';
import { canary, runMcp } from './support.ts';

const clock = {
  arguments: { timezone: 'Europe/Vienna' },
  expect: expecting({ json: { '$.timezone': 'Europe/Vienna' } }),
};
const endpoints = [tool('get_current_time', clock)];
const services = [
  mcpService('modern', {}, { endpoints }),
  mcpService('legacy', { era: 'legacy' }, { endpoints }),
  mcpService(
    'proxy',
    { transport: 'openapi' },
    { endpoints: [tool('get_current_time', { ...clock, id: 'time/now', server: 'time' })] },
  ),
];
const encrypted = mcpService('encrypted', { era: 'legacy' }, { endpoints, address: { kind: 'fleet', tls: true } });
type Place = 'modern' | 'legacy' | 'proxy';
const PLACES: Place[] = ['modern', 'legacy', 'proxy'];

const folder = mkdtempSync(join(tmpdir(), 'firedrill-mcp-'));
let fleet: Fleet;
let url: (service: string) => string;

beforeAll(async () => {
  ({ fleet, url } = await fleetOf([...services, encrypted], { certificateDir: folder }));
});
afterAll(async () => {
  await fleet?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const call = canary({ tool: 'get_current_time', ...clock });

function probe(place: Place, spec: Partial<McpProbeSpec> = {}) {
  const proxied: Partial<McpProbeSpec> = {
    transport: 'openapi',
    path: '',
    tools: [{ server: 'time', name: 'get_current_time' }],
    canary: { ...call, server: 'time' },
  };
  const plain = { tools: [{ server: null, name: 'get_current_time' }], canary: call };
  return runMcp(url(place), { ...(place === 'proxy' ? proxied : plain), ...spec });
}

const sessions = async () => (await fleet.stats()).services['shop/legacy']?.sessions;

describe('the fleet', () => {
  test.each<[Place, object, string[]]>([
    ['modern', { era: 'modern', version: '2026-07-28', tools: 1, session: 'none' }, ['discover', 'list', 'call']],
    ['legacy', { era: 'legacy', version: '2025-11-25', session: 'ended' }, ['initialize', 'list', 'call', 'close']],
    ['proxy', { level: 3, tools: 1, missing: 0 }, ['discover', 'list', 'call']],
  ])('%s is found healthy, each phase with its time', async (place, mcp, phases) => {
    const result = await probe(place);
    expect(result).toMatchObject({ outcome: 'success', reason: 'none', detail: '', facts: { mcp, status: 200 } });
    for (const phase of ['connect', ...phases]) expect(result.phases[phase], phase).toBeGreaterThan(0);
    const sum = Object.values(result.phases).reduce((total, seconds) => total + seconds, 0);
    expect(sum).toBeCloseTo(result.durationSeconds, 9);
  });

  test.each<[Omit<Fault, 'service'>, Record<Place, string>]>([
    [{ kind: 'down' }, { modern: 'refused', legacy: 'refused', proxy: 'refused' }],
    [{ kind: 'refusing' }, { modern: 'reset', legacy: 'reset', proxy: 'reset' }],
    [{ kind: 'hanging' }, { modern: 'timeout', legacy: 'timeout', proxy: 'timeout' }],
    [
      { kind: 'slow', delayMs: 3_000 },
      { modern: 'timeout', legacy: 'timeout', proxy: 'timeout' },
    ],
    [{ kind: 'errors' }, { modern: 'status', legacy: 'status', proxy: 'status' }],
    [{ kind: 'wrong-body' }, { modern: 'protocol', legacy: 'protocol', proxy: 'protocol' }],
  ])('$kind is seen as what it is', async (fault, reasons) => {
    for (const service of PLACES) await fleet.inject('shop', { ...fault, service });
    try {
      const seen = await Promise.all(PLACES.map((place) => probe(place, { timeoutMs: 400 })));
      expect(seen.map(({ outcome }) => outcome)).toEqual(['failure', 'failure', 'failure']);
      expect(Object.fromEntries(PLACES.map((place, index) => [place, seen[index]?.reason]))).toEqual(reasons);
    } finally {
      await fleet.clear('shop');
    }
    expect(await sessions()).toBe(0);
  });

  test('a slow answer is a success, but degraded', async () => {
    for (const service of PLACES) await fleet.inject('shop', { service, kind: 'slow', delayMs: 60 });
    try {
      const seen = await Promise.all(PLACES.map((place) => probe(place, { degradedAboveMs: 60 })));
      for (const result of seen) expect(result).toMatchObject({ outcome: 'success', degraded: true });
    } finally {
      await fleet.clear('shop');
    }
  });

  test.each<[string, Place, Partial<McpProbeSpec>, object]>([
    [
      'an error of the tool fails, though HTTP says 200',
      'modern',
      { canary: { ...call, arguments: { timezone: 'Mars/Olympus' } } },
      {
        outcome: 'failure',
        reason: 'tool-error',
        detail: 'get_current_time answered with isError: Invalid timezone: Mars/Olympus',
      },
    ],
    [
      'an error of the tool behind a proxy fails',
      'proxy',
      { canary: { ...call, server: 'time', arguments: { timezone: 'Mars/Olympus' } } },
      { outcome: 'failure', reason: 'tool-error', facts: { status: 500, mcp: { level: 2 } } },
    ],
    [
      'arguments that a proxy refuses are our mistake',
      'proxy',
      { canary: { ...call, server: 'time', arguments: {} } },
      { outcome: 'unknown', reason: 'misconfigured', facts: { status: 422 } },
    ],
    [
      'a server that the proxy does not have',
      'proxy',
      { tools: [{ server: 'files', name: 'read' }], canary: null },
      { outcome: 'failure', reason: 'tools-missing', facts: { mcp: { level: 1 } } },
    ],
    [
      'another answer than promised',
      'legacy',
      { canary: { ...call, expect: expecting({ json: { '$.timezone': 'Asia/Tokyo' } }) } },
      { outcome: 'failure', reason: 'json', detail: '$.timezone is "Europe/Vienna", expected "Asia/Tokyo"' },
    ],
    [
      'a text that does not match',
      'modern',
      { canary: { ...call, expect: expecting({ text: 'Tokyo' }) } },
      { outcome: 'failure', reason: 'text' },
    ],
    [
      'a call slower than its limit',
      'modern',
      { canary: { ...call, withinMs: 0 } },
      { outcome: 'failure', reason: 'slow' },
    ],
    [
      'a tool that is not listed',
      'legacy',
      { tools: [{ server: null, name: 'gone' }] },
      { outcome: 'failure', reason: 'tools-missing', detail: 'not listed: gone; listed: get_current_time' },
    ],
    [
      'too few tools',
      'modern',
      { minTools: 2 },
      { outcome: 'failure', reason: 'tools-missing', detail: '1 tools listed, at least 2 expected' },
    ],
    [
      'another server than expected',
      'modern',
      { serverName: '^clock' },
      { outcome: 'failure', reason: 'server-name', detail: 'the server calls itself "modern", expected /^clock/' },
    ],
    ['the expected server', 'legacy', { serverName: '^legacy$', ping: true }, { outcome: 'success' }],
    [
      'a version that is not accepted',
      'legacy',
      { era: 'legacy', versions: ['2026-07-28'] },
      { outcome: 'unknown', reason: 'misconfigured' },
    ],
    [
      'a pinned era that the server does not speak',
      'legacy',
      { era: 'modern' },
      { outcome: 'failure', reason: 'rpc-error' },
    ],
    [
      'the older era of a server that has both',
      'modern',
      { era: 'legacy' },
      { facts: { mcp: { era: 'legacy', session: 'none' } } },
    ],
  ])('%s', async (_, place, spec, expected) => {
    expect(await probe(place, spec)).toMatchObject(expected);
    expect(await sessions()).toBe(0);
  });

  test('prints the hash of a schema that changed, which then passes', async () => {
    const schemas = { get_current_time: '0123456789abcdef' };
    const { reason, detail, facts } = await probe('modern', { schemas });
    expect(reason).toBe('schema-changed');
    expect(facts.mcp).toMatchObject({ changed: true, missing: 0 });
    const hash = /get_current_time \(now ([0-9a-f]{16})\)/.exec(detail)?.[1] ?? 'no hash';
    const pinned = { schemas: { get_current_time: hash } };
    expect(await probe('modern', pinned)).toMatchObject({ outcome: 'success', facts: { mcp: { changed: false } } });
    expect(await probe('legacy', pinned)).toMatchObject({ outcome: 'success' });
    expect(await probe('proxy', pinned)).toMatchObject({ outcome: 'success' });
  });

  test('an encrypted server is verified, its certificate known, and no session is left', async () => {
    const look = (change: object) =>
      runMcp(
        url('encrypted'),
        { canary: call, timeoutMs: 3_000 },
        {},
        { tls: { caFile: fleet.caFile, insecure: false }, ...change },
      );
    const result = await look({});
    expect(result).toMatchObject({
      outcome: 'success',
      facts: { tls: true, mcp: { era: 'legacy', session: 'ended' } },
    });
    expect(result.phases.tls).toBeGreaterThan(0);
    expect(result.facts.certificateExpirySeconds).toBeGreaterThan(Date.now() / 1_000);
    const untrusted = await look({ tls: { caFile: null, insecure: false } });
    expect(untrusted).toMatchObject({ outcome: 'failure', reason: expect.stringMatching(/^(tls|certificate-)/) });
    await fleet.inject('shop', { service: 'encrypted', kind: 'expired-certificate' });
    try {
      const expired = await look({});
      expect(expired).toMatchObject({ outcome: 'failure', reason: 'certificate-expired' });
      expect(expired.facts.certificateExpirySeconds).toBeLessThan(Date.now() / 1_000);
    } finally {
      await fleet.clear('shop');
    }
    expect((await fleet.stats()).services['shop/encrypted']?.sessions).toBe(0);
  });
});
