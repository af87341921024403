import { describe, expect, test } from 'vitest';
import { startProbes } from '../../../../probes/runner.ts';
import { mcpService, tool } from '../../../scripts/fleet/fixtures/catalogue.ts';
import { fleetOf } from '../../../scripts/fleet/fixtures/client.ts';
import { catalogueOf, options, until } from '../../support.ts';
import { manyRuns } from './many-runs.ts';
import { LEGACY, type Reply, type Script, scripted } from './scripted-server.ts';
import { ECHO, legacySdkServer } from './sdk-server.ts';
import { canary, createMcp, mcpSpec, runMcp } from './support.ts';

const outcomes = (results: readonly ({ outcome: string } | 'aborted')[]) =>
  new Set(results.map((result) => (result === 'aborted' ? result : result.outcome)));

describe('a hundred probes, whatever becomes of them, leave no session', () => {
  test('at the fleet', async () => {
    const clock = tool('get_current_time', { arguments: { timezone: 'UTC' } });
    const { fleet, url } = await fleetOf([mcpService('clock', { era: 'legacy' }, { endpoints: [clock] })]);
    try {
      await fleet.inject('shop', { service: 'clock', kind: 'slow', delayMs: 10 });
      const call = { tool: 'get_current_time', args: { timezone: 'UTC' }, wrong: { timezone: 'Mars' }, shortMs: 60 };
      const seen = await manyRuns(url('clock'), 100, call);
      expect(outcomes(seen.success)).toEqual(new Set(['success']));
      expect(outcomes(seen.failure)).toEqual(new Set(['failure']));
      expect((await fleet.stats()).services['shop/clock']?.sessions).toBe(0);
    } finally {
      await fleet.stop();
    }
  });

  test('at a server of the SDK that answers late, after the session exists', async () => {
    await using server = await legacySdkServer({ delayMs: () => Math.random() * 25 });
    const call = { tool: ECHO.name, args: { text: 'a' }, wrong: {}, shortMs: 60 };
    const seen = await manyRuns(server.url, 100, call, { era: 'legacy' });
    expect(outcomes(seen.success)).toEqual(new Set(['success']));
    expect(outcomes(seen.timeout)).toContain('failure');
    expect(outcomes(seen.abort)).toContain('aborted');
    expect(server.opened()).toBeGreaterThan(50);
    expect(server.sessions.size).toBe(0);
  });
});

test('a prober that is stopped while it probes leaves no session', async () => {
  await using server = await legacySdkServer({ delayMs: () => 5 + Math.random() * 30 });
  const call = canary({ tool: ECHO.name, arguments: { text: 'a' } });
  const tools = Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [`tools-${index}`, mcpSpec({ era: 'legacy', canary: call })]),
  );
  const addresses = new Map(Object.keys(tools).map((id) => [`shop/${id}`, server.url]));
  for (let round = 1; round <= 5; round += 1) {
    const runner = startProbes({ catalogue: catalogueOf(tools), addresses, intervalMs: 40 });
    await until(() => (server.opened() > round * 10 ? true : undefined));
    await runner.stop();
    expect(server.sessions.size).toBe(0);
  }
});

describe('the end of a session', () => {
  const legacy = (change: Script) => ({ ...LEGACY, ...change });
  const spec = { era: 'legacy' as const, canary: canary(), timeoutMs: 300 };

  test.each<[string, Reply, string]>([
    ['204', { status: 204 }, 'ended'],
    ['404, since it had expired', { status: 404 }, 'ended'],
    ['405, since the server ends it by itself', { status: 405 }, 'ended'],
    ['500', { status: 500 }, 'left'],
    ['silence', { silent: true }, 'left'],
  ])('is told by the answer: %s', async (_, reply, session) => {
    await using server = await scripted(legacy({ DELETE: reply }));
    const result = await runMcp(server.url, spec);
    expect(result).toMatchObject({ outcome: 'success', facts: { mcp: { session } } });
    expect(result.durationSeconds).toBeLessThan(1.5);
  });

  test.each<[string, Script]>([
    [
      'an initialize in a version that is not accepted',
      { initialize: { ...LEGACY.initialize, result: { protocolVersion: '1' } } as Reply },
    ],
    [
      'an initialize that fails with a session in its head',
      { initialize: { ...LEGACY.initialize, status: 500 } as Reply },
    ],
    ['an initialized that is refused', { 'notifications/initialized': { status: 400 } }],
    [
      'an initialized that is answered otherwise than with 202',
      { 'notifications/initialized': { status: 200, body: '' } },
    ],
    ['a list that never comes', { 'tools/list': { silent: true } }],
    ['a call that breaks the protocol', { 'tools/call': { body: 'hello' } }],
  ])('comes after %s', async (_, change) => {
    await using server = await scripted(legacy(change));
    const result = await runMcp(server.url, spec);
    expect(result.outcome).toBe('failure');
    expect(server.seen.at(-1)).toMatchObject({ method: 'DELETE', headers: { 'mcp-session-id': 's1' } });
    expect(server.methods().filter((method) => method === 'DELETE')).toHaveLength(1);
  });

  test('comes when the answer to initialize overtakes neither the deadline nor an abort', async () => {
    await using server = await scripted(legacy({ initialize: { ...LEGACY.initialize, delayMs: 200 } as Reply }));
    const late = createMcp(server.url, { ...spec, timeoutMs: 50 });
    const result = await late.run(options());
    expect(result).toMatchObject({ outcome: 'failure', reason: 'timeout' });
    // The result does not wait for it.
    expect(result.durationSeconds).toBeLessThan(0.15);
    await late.close?.();
    expect(server.methods()).toEqual(['initialize', 'DELETE']);

    const stop = new AbortController();
    const aborted = createMcp(server.url, spec);
    const run = aborted.run(options({ signal: stop.signal }));
    await until(() => (server.seen.length === 3 ? true : undefined));
    stop.abort(new Error('stopped'));
    await expect(run).rejects.toThrow('stopped');
    await aborted.close?.();
    expect(server.methods().slice(2)).toEqual(['initialize', 'DELETE']);
  });

  test('is waited for by whoever stops, however soon after the abort', async () => {
    await using server = await scripted(legacy({ 'tools/call': { silent: true } }));
    const probe = createMcp(server.url, spec);
    const stop = new AbortController();
    const run = probe.run(options({ signal: stop.signal }));
    await until(() => (server.methods().includes('tools/call') ? true : undefined));
    stop.abort(new Error('stopped'));
    const closed = probe.close?.();
    await expect(run).rejects.toThrow('stopped');
    await closed;
    expect(server.methods().at(-1)).toBe('DELETE');
  });

  test('is waited for by the next run', async () => {
    await using server = await scripted(
      legacy({ initialize: [{ ...LEGACY.initialize, delayMs: 200 } as Reply, LEGACY.initialize as Reply] }),
    );
    const probe = createMcp(server.url, { ...spec, timeoutMs: 100 });
    expect((await probe.run(options())).outcome).toBe('failure');
    expect((await probe.run(options())).outcome).toBe('success');
    expect(server.methods().slice(0, 3)).toEqual(['initialize', 'DELETE', 'initialize']);
  });
});

describe('a session that expired in the middle', () => {
  const expired = { status: 404, error: { code: -32_001, message: 'Session not found' } };
  const renewed = [LEGACY.initialize, { ...LEGACY.initialize, headers: { 'mcp-session-id': 's2' } }] as Reply[];

  test('is opened again once, which is no outage', async () => {
    const calls = [expired, LEGACY['tools/call'] as Reply];
    await using server = await scripted({ ...LEGACY, initialize: renewed, 'tools/call': calls });
    const result = await runMcp(server.url, { era: 'legacy', canary: canary() });
    expect(result).toMatchObject({ outcome: 'success', facts: { mcp: { session: 'ended' } } });
    expect(server.seen.slice(-3).map(({ method, headers }) => [method, headers['mcp-session-id']])).toEqual([
      ['notifications/initialized', 's2'],
      ['tools/call', 's2'],
      ['DELETE', 's2'],
    ]);
  });

  test('twice is a failure', async () => {
    await using server = await scripted({ ...LEGACY, initialize: renewed, 'tools/call': expired });
    const result = await runMcp(server.url, { era: 'legacy', canary: canary() });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'status' });
    expect(server.methods().filter((method) => method === 'initialize')).toHaveLength(2);
    expect(server.seen.at(-1)).toMatchObject({ method: 'DELETE', headers: { 'mcp-session-id': 's2' } });
  });
});
