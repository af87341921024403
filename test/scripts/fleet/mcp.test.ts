import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, describe, expect, test } from 'vitest';
import type { Fleet } from '../../../scripts/fleet/fleet.ts';
import type { Service } from '../../../thresholds/model.ts';
import { expecting, mcpService, metric, onRequests, simulating, tool } from './fixtures/catalogue.ts';
import { fleetOf, outcomeOf } from './fixtures/client.ts';

let running: Fleet | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(...services: Service[]) {
  const started = await fleetOf(services);
  running = started.fleet;
  return started;
}

const overrides = {
  metrics: [
    metric('calls_total', 'counter', onRequests(), { labels: { tool: '$endpoint', zone: '$argument.timezone' } }),
  ],
  endpoints: [
    tool('get_current_time', {
      arguments: { timezone: 'Europe/Vienna' },
      expect: expecting({ json: { '$.timezone': 'Europe/Vienna' } }),
    }),
    tool('search', { arguments: { query: 'tea' }, sim: simulating({ body: 'three kinds of tea' }) }),
  ],
};
const modern = mcpService('clock', { tools: ['convert_time'] }, overrides);
const legacy = mcpService('clock', { tools: ['convert_time'], era: 'legacy' }, overrides);

const MODERN = '2026-07-28';
const META = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
};

/** A request of the protocol of 2026-07-28, as its specification words it. */
function modernRequest(method: string, params: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  return {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': MODERN,
      'mcp-method': method,
      ...(typeof params.name === 'string' ? { 'mcp-name': params.name } : {}),
      ...headers,
    },
    body: { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: META } },
  };
}

const call = (timezone: string) => modernRequest('tools/call', { name: 'get_current_time', arguments: { timezone } });

async function connect(url: string) {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`));
  await client.connect(transport as Parameters<Client['connect']>[0]);
  return { client, transport };
}

describe('an MCP server of 2026-07-28', () => {
  test('tells what it is without a handshake', async () => {
    const { get } = await start(modern);
    const { status, text } = await get('clock', '/mcp', modernRequest('server/discover'));
    expect(status).toBe(200);
    expect(JSON.parse(text).result).toMatchObject({ supportedVersions: [MODERN], capabilities: { tools: {} } });
  });

  test('lists the tools that are called and those that the catalogue names', async () => {
    const { get } = await start(modern);
    const { tools } = JSON.parse((await get('clock', '/mcp', modernRequest('tools/list'))).text).result;
    expect(tools.map(({ name }: { name: string }) => name)).toEqual(['get_current_time', 'search', 'convert_time']);
    expect(tools[0].inputSchema).toEqual({
      type: 'object',
      properties: { timezone: { type: 'string' } },
      required: ['timezone'],
    });
  });

  test('answers a call, with the real time in the zone, and counts it', async () => {
    const { get, scrape } = await start(modern);
    const { result } = JSON.parse((await get('clock', '/mcp', call('Europe/Vienna'))).text);
    expect(result).toMatchObject({ resultType: 'complete', isError: false });
    const told = JSON.parse(result.content[0].text);
    expect(told.timezone).toBe('Europe/Vienna');
    expect(Math.abs(Date.parse(told.datetime) - Date.now())).toBeLessThan(3_000);
    expect((await scrape('clock')).get('calls_total{tool="get_current_time",zone="Europe/Vienna"}')).toBe(1);
  });

  test('answers other tools as the catalogue expects', async () => {
    const { get } = await start(modern);
    const request = modernRequest('tools/call', { name: 'search', arguments: { query: 'tea' } });
    expect(JSON.parse((await get('clock', '/mcp', request)).text).result.content[0].text).toBe('three kinds of tea');
  });

  test('reports a wrong argument as an error of the tool', async () => {
    const { get } = await start(modern);
    const { result } = JSON.parse((await get('clock', '/mcp', call('Mars/Olympus'))).text);
    expect([result.isError, result.content[0].text]).toEqual([true, 'Invalid timezone: Mars/Olympus']);
  });

  test('refuses headers that contradict the body', async () => {
    const { get } = await start(modern);
    const request = modernRequest('tools/list', {}, { 'mcp-method': 'tools/call' });
    const { status, text } = await get('clock', '/mcp', request);
    expect([status, JSON.parse(text).error.code]).toEqual([400, -32_020]);
  });

  test('refuses methods that it does not have', async () => {
    const { get } = await start(modern);
    const { status, text } = await get('clock', '/mcp', modernRequest('nothing/here'));
    expect([status, JSON.parse(text).error.code]).toEqual([404, -32_601]);
  });

  test('keeps no session for a client of the older protocol', async () => {
    const { url, fleet } = await start(modern);
    const { client, transport } = await connect(url('clock'));
    expect((await client.listTools()).tools).toHaveLength(3);
    expect(transport.sessionId).toBeUndefined();
    await client.close();
    expect((await fleet.stats()).services['shop/clock']?.sessions).toBe(0);
  });
});

describe('an MCP server of the older protocol', () => {
  test('serves the official client: handshake, tools, call, end of the session', async () => {
    const { url, fleet, scrape } = await start(legacy);
    const sessions = async () => (await fleet.stats()).services['shop/clock']?.sessions;
    const { client, transport } = await connect(url('clock'));
    expect(client.getServerVersion()?.name).toBe('clock');
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('convert_time');
    const result = await client.callTool({ name: 'get_current_time', arguments: { timezone: 'Europe/Vienna' } });
    const [content] = result.content as { text: string }[];
    expect(JSON.parse(content?.text ?? '{}').datetime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
    expect(await sessions()).toBe(1);
    await transport.terminateSession();
    await client.close();
    expect(await sessions()).toBe(0);
    expect((await scrape('clock')).get('calls_total{tool="get_current_time",zone="Europe/Vienna"}')).toBe(1);
  });

  test('shows a session that its client never ended', async () => {
    const { url, fleet } = await start(legacy);
    const { client } = await connect(url('clock'));
    await client.close();
    expect((await fleet.stats()).services['shop/clock']?.sessions).toBe(1);
  });

  test.each([
    ['server/discover', modernRequest('server/discover')],
    ['a call without a session', call('Europe/Vienna')],
  ])('does not recognise %s of the later protocol', async (_, request) => {
    const { get } = await start(legacy);
    const { status, text } = await get('clock', '/mcp', request);
    expect(status).toBe(400);
    expect([-32_020, -32_021, -32_022]).not.toContain(JSON.parse(text).error.code);
  });

  test('answers 404 for a session that has ended', async () => {
    const { get } = await start(legacy);
    const request = call('Europe/Vienna');
    const answer = await get('clock', '/mcp', {
      ...request,
      headers: { ...request.headers, 'mcp-session-id': 'gone' },
    });
    expect(answer.status).toBe(404);
  });
});

describe('faults at an MCP server', () => {
  test('errors fails calls with 500, counted as errors', async () => {
    const { get, fleet } = await start(modern);
    await fleet.inject('shop', { service: 'clock', kind: 'errors' });
    expect(await outcomeOf(get('clock', '/mcp', call('Europe/Vienna')))).toBe('answered 500');
    const stats = (await fleet.stats()).services['shop/clock'];
    expect(stats?.endpoints.get_current_time).toEqual({ requests: 1, errors: 1 });
    await fleet.clear('shop');
    expect(await outcomeOf(get('clock', '/mcp', call('Europe/Vienna')))).toBe('answered 200');
  });

  test('slow delays calls, wrong-body answers no JSON-RPC', async () => {
    const { get, fleet } = await start(modern);
    await fleet.inject('shop', { service: 'clock', kind: 'slow', delayMs: 200 });
    expect((await get('clock', '/mcp', call('Europe/Vienna'))).ms).toBeGreaterThan(200);
    await fleet.clear('shop');
    await fleet.inject('shop', { service: 'clock', kind: 'wrong-body' });
    expect((await get('clock', '/mcp', call('Europe/Vienna'))).text).toBe('{"unexpected":true}');
  });
});

describe('an OpenAPI proxy of tools', () => {
  const proxy = mcpService(
    'mcpo',
    { transport: 'openapi', tools: ['convert_time'] },
    {
      ...overrides,
      endpoints: [
        ...overrides.endpoints,
        tool('read', {
          id: 'files/read',
          server: 'files',
          arguments: { path: '/a' },
          sim: simulating({ body: { size: 3 } }),
        }),
      ],
    },
  );
  const post = (body: unknown) => ({ method: 'POST', body });

  test.each<[string, string, object, number, unknown]>([
    ['a tool, with its text', '/search', post({ query: 'tea' }), 200, 'three kinds of tea'],
    ['a tool of a server, with its JSON', '/files/read', post({ path: '/a' }), 200, { size: 3 }],
    [
      'an argument that is missing',
      '/search',
      post({}),
      422,
      { detail: [{ type: 'missing', loc: ['body', 'query'] }] },
    ],
    ['arguments that are no JSON', '/search', post('{'), 422, { detail: [{ type: 'json_invalid' }] }],
    [
      'an error of the tool',
      '/get_current_time',
      post({ timezone: 'Mars/Olympus' }),
      500,
      { detail: { message: 'Invalid timezone: Mars/Olympus' } },
    ],
    ['an unknown tool', '/nothing', post({}), 404, { detail: 'Not Found' }],
    ['another method', '/search', {}, 405, { detail: 'Method Not Allowed' }],
  ])('answers %s', async (_, path, request, status, body) => {
    const { get } = await start(proxy);
    const answer = await get('mcpo', path, request);
    expect(answer.status).toBe(status);
    const told = JSON.parse(answer.text);
    if (typeof body === 'object') expect(told).toMatchObject(body as object);
    else expect(told).toBe(body);
  });

  test('describes its tools, server by server', async () => {
    const { get } = await start(proxy);
    const paths = async (path: string) => Object.keys(JSON.parse((await get('mcpo', path)).text).paths);
    expect(await paths('/openapi.json')).toEqual(['/get_current_time', '/search', '/convert_time']);
    expect(await paths('/files/openapi.json')).toEqual(['/read']);
    expect((await get('mcpo', '/docs')).headers['content-type']).toMatch(/^text\/html/);
  });

  test('counts calls by endpoint', async () => {
    const { get, scrape } = await start(proxy);
    await get('mcpo', '/files/read', post({ path: '/a' }));
    expect((await scrape('mcpo')).get('calls_total{tool="files/read",zone=""}')).toBe(1);
  });
});

describe('the time in a zone', () => {
  test.each([
    ['Europe/Vienna', Date.UTC(2026, 6, 1, 12), '2026-07-01T14:00:00+02:00', true],
    ['Europe/Vienna', Date.UTC(2026, 0, 1, 12), '2026-01-01T13:00:00+01:00', false],
    ['Asia/Kolkata', Date.UTC(2026, 0, 1, 20), '2026-01-02T01:30:00+05:30', false],
    ['America/St_Johns', Date.UTC(2026, 0, 1, 0), '2025-12-31T20:30:00-03:30', false],
    ['Australia/Sydney', Date.UTC(2026, 0, 1, 0), '2026-01-01T11:00:00+11:00', true],
    ['UTC', Date.UTC(2026, 0, 1, 0), '2026-01-01T00:00:00+00:00', false],
  ])('%s', async (zone, at, datetime, isDst) => {
    const { timeIn } = await import('../../../scripts/fleet/mcp/clock.ts');
    expect(timeIn(zone, at)).toMatchObject({ timezone: zone, datetime, is_dst: isDst });
  });
});
