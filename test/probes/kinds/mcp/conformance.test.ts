import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, test } from 'vitest';
import { expecting, mcpService } from '../../../scripts/fleet/fixtures/catalogue.ts';
import { fleetOf } from '../../../scripts/fleet/fixtures/client.ts';
import { LEGACY, MODERN, scripted } from './scripted-server.ts';
import { ECHO, legacySdkServer, modernSdkServer } from './sdk-server.ts';
import { canary, runMcp } from './support.ts';

const said = canary({ tool: ECHO.name, arguments: { text: 'grüß Gott' }, expect: expecting({ text: '^grüß Gott$' }) });

describe('servers of the official SDK take what the probe sends', () => {
  test.each(['auto', 'modern'] as const)('in the later protocol, %s', async (era) => {
    await using server = await modernSdkServer();
    const result = await runMcp(server.url, { era, canary: said, serverName: '^sdk$' });
    expect(result).toMatchObject({ outcome: 'success', detail: '', facts: { mcp: { era: 'modern', tools: 1 } } });
  });

  test.each<[string, boolean, 'auto' | 'legacy']>([
    ['as streams of events', false, 'auto'],
    ['as streams of events, pinned', false, 'legacy'],
    ['as JSON', true, 'auto'],
  ])('in the older one, answering %s', async (_, json, era) => {
    await using server = await legacySdkServer({ json });
    const result = await runMcp(server.url, { era, canary: said, serverName: '^sdk$', ping: true });
    expect(result).toMatchObject({
      outcome: 'success',
      detail: '',
      facts: { mcp: { era: 'legacy', session: 'ended' } },
    });
    expect([server.opened(), server.sessions.size]).toEqual([1, 0]);
  });

  test.each(['2025-11-25', '2025-06-18', '2025-03-26'])('in the older one, in its version of %s', async (version) => {
    await using server = await legacySdkServer();
    const result = await runMcp(server.url, { versions: [version], canary: said });
    expect(result).toMatchObject({ outcome: 'success', facts: { mcp: { version } } });
  });

  test('and a canary that is not listed is missing', async () => {
    await using server = await modernSdkServer();
    const result = await runMcp(server.url, { canary: canary({ tool: 'nothing' }) });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'tools-missing', facts: { mcp: { missing: 1 } } });
  });
});

describe('the official clients take what the test servers answer', () => {
  test('the scripted one of the later protocol, and the fleet', async () => {
    await using server = await scripted(MODERN);
    const { fleet, url } = await fleetOf([mcpService('clock')]);
    try {
      for (const base of [server.url, url('clock')]) {
        const client = new Client(
          { name: 'test', version: '1' },
          { versionNegotiation: { mode: { pin: '2026-07-28' } } },
        );
        await client.connect(new StreamableHTTPClientTransport(new URL(`${base}/mcp`)));
        const { tools } = await client.listTools(undefined, { cacheMode: 'bypass' });
        expect(tools).toHaveLength(1);
        const { content } = await client.callTool({ name: tools[0]?.name ?? '', arguments: { timezone: 'UTC' } });
        expect(content).toMatchObject([{ type: 'text' }]);
        await client.close();
      }
    } finally {
      await fleet.stop();
    }
  });

  test('the scripted one of the older protocol', async () => {
    // A GET for a stream of notifications is refused, as servers without one do.
    await using server = await scripted({ ...LEGACY, GET: { status: 405 } });
    const client = new LegacyClient({ name: 'test', version: '1' });
    const transport = new LegacyTransport(new URL(`${server.url}/mcp`));
    await client.connect(transport as Parameters<LegacyClient['connect']>[0]);
    expect((await client.listTools()).tools).toHaveLength(1);
    expect((await client.callTool({ name: 'echo' })).content).toEqual([{ type: 'text', text: 'hello' }]);
    await transport.terminateSession();
    await client.close();
    expect(server.methods()).toContain('DELETE');
  });
});
