import { describe, expect, test } from 'vitest';
import type { Auth, McpProbeSpec } from '../../../../thresholds/model.ts';
import { expecting } from '../../../scripts/fleet/fixtures/catalogue.ts';
import { LEGACY, MODERN, type Reply, type Script, scripted } from './scripted-server.ts';
import { canary, runMcp } from './support.ts';

async function run(script: Script, spec: Partial<McpProbeSpec> = {}, change = {}) {
  await using server = await scripted(script);
  const { host } = new URL(server.url);
  const result = await runMcp(server.url, { canary: canary(), ...spec }, change);
  return { ...result, methods: server.methods(), seen: server.seen, connections: server.connections(), host };
}

const modern = (change: Script) => ({ ...MODERN, ...change });
const legacy = (change: Script) => ({ ...LEGACY, ...change });
const message = (result: object) => `data: {"jsonrpc":"2.0","id":$id,"result":${JSON.stringify(result)}}\n\n`;
const answer = (result: object): Reply => ({ result: { resultType: 'complete', ...result } });
const TOOLS = { resultType: 'complete', tools: [{ name: 'echo' }] };

describe('what is sent', () => {
  test('in the later protocol carries version, method and name in headers and body', async () => {
    const args = { text: 'a', n: 1, deep: { zone: 'Zürich' }, none: null };
    const inputSchema = {
      type: 'object',
      properties: {
        text: { type: 'string', 'x-mcp-header': 'Text' },
        n: { type: 'integer', 'x-mcp-header': 'Count' },
        deep: { type: 'object', properties: { zone: { type: 'string', 'x-mcp-header': 'Zone' } } },
        none: { type: 'string', 'x-mcp-header': 'None' },
      },
    };
    const { seen, outcome, connections } = await run(
      modern({ 'tools/list': answer({ tools: [{ name: 'écho', inputSchema }] }) }),
      { canary: canary({ tool: 'écho', arguments: args }) },
    );
    expect([outcome, connections]).toEqual(['success', 1]);
    expect(seen.map(({ headers }) => headers['mcp-method'])).toEqual(['server/discover', 'tools/list', 'tools/call']);
    for (const { headers, params } of seen) {
      expect(headers).toMatchObject({
        'mcp-protocol-version': '2026-07-28',
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      });
      expect(params._meta).toEqual({
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
        'io.modelcontextprotocol/clientInfo': { name: 'firedrill', version: '1' },
      });
    }
    expect(seen[2]?.params).toMatchObject({ name: 'écho', arguments: args });
    const encoded = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`;
    expect(seen[2]?.headers).toMatchObject({
      'mcp-name': encoded('écho'),
      'mcp-param-text': 'a',
      'mcp-param-count': '1',
      'mcp-param-zone': encoded('Zürich'),
    });
    expect(seen[2]?.headers).not.toHaveProperty('mcp-param-none');
  });

  test('in the older one carries session and version after the handshake, and never is a GET', async () => {
    const { seen, methods, outcome, connections } = await run(legacy({}), { era: 'legacy', ping: true });
    expect([outcome, connections]).toEqual(['success', 1]);
    expect(methods).toEqual(['initialize', 'notifications/initialized', 'ping', 'tools/list', 'tools/call', 'DELETE']);
    expect(seen[0]?.params).toMatchObject({ protocolVersion: '2025-11-25', capabilities: {} });
    expect(seen[0]?.headers).not.toHaveProperty('mcp-session-id');
    for (const { headers, http } of seen.slice(1)) {
      expect(headers).toMatchObject({ 'mcp-session-id': 's1', 'mcp-protocol-version': '2025-11-25' });
      expect(http).not.toBe('GET');
    }
  });

  test.each<[string, Script]>([
    ['later', MODERN],
    ['older', LEGACY],
  ])('carries the credential in every request of the %s protocol', async (_, script) => {
    await using server = await scripted(script);
    const auth: Auth = { kind: 'bearer', token: { variable: 'TOKEN' } };
    await runMcp(server.url, {}, {}, { auth });
    expect(server.seen.length).toBeGreaterThan(1);
    for (const { headers } of server.seen) expect(headers.authorization).toBe('Bearer s3cret');
  });
});

describe('an answer as a stream of events', () => {
  const priming = 'id: 1\nretry: 100\ndata:\n\n';
  const notification = 'data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\n\n';
  const foreign = 'data: {"jsonrpc":"2.0","id":999,"result":{"tools":[]}}\n\n';

  test.each<[string, Reply]>([
    ['alone', { sse: [message(TOOLS)] }],
    [
      'behind comments, notifications and answers to others',
      { sse: [': hi\n\n', priming, notification, foreign, message(TOOLS)] },
    ],
    ['in pieces', { sse: ['data: {"jsonrpc":"2.0","id":$id,"res', `ult":${JSON.stringify(TOOLS)}}\n`, '\n'] }],
    ['that is never ended', { sse: [message(TOOLS)], endless: true }],
  ])('is taken: %s', async (_, reply) => {
    const { outcome, facts, durationSeconds } = await run(modern({ 'tools/list': reply }));
    expect({ outcome, tools: facts.mcp?.tools }).toEqual({ outcome: 'success', tools: 1 });
    expect(durationSeconds).toBeLessThan(0.5);
  });

  test.each<[string, Reply, string]>([
    ['that ends without the answer', { sse: [notification, foreign] }, 'protocol'],
    ['of keep-alives alone', { sse: [': hi\n\n'], endless: true }, 'timeout'],
    [
      'without an end to its size',
      { sse: Array(300).fill(`: ${'x'.repeat(1_000)}\n`), endless: true },
      'body-too-large',
    ],
  ])('fails: %s', async (_, reply, reason) => {
    const limits = { bodyLimitBytes: 200_000 };
    const { reason: seen } = await run(modern({ 'tools/list': reply }), { timeoutMs: 400 }, limits);
    expect(seen).toBe(reason);
  });

  test('may also open and carry a session', async () => {
    const opened = {
      sse: [message((LEGACY.initialize as { result: object }).result)],
      headers: { 'mcp-session-id': 's7' },
    };
    const { outcome, methods, seen } = await run(legacy({ initialize: opened }));
    expect(outcome).toBe('success');
    expect([methods.at(-1), seen.at(-1)?.headers['mcp-session-id']]).toEqual(['DELETE', 's7']);
  });
});

describe('the list of tools', () => {
  const page = (name: string, nextCursor?: string) => answer({ tools: [{ name }], nextCursor });

  test('is read page by page', async () => {
    const { facts, seen, outcome } = await run(
      modern({ 'tools/list': [page('a', 'two'), page('echo', 'three'), page('c')] }),
    );
    expect([outcome, facts.mcp?.tools]).toEqual(['success', 3]);
    expect(seen.slice(1, 4).map(({ params }) => params.cursor)).toEqual([undefined, 'two', 'three']);
  });

  test.each<[string, Reply | Reply[]]>([
    ['in circles', page('echo', 'again')],
    ['without tools', answer({})],
    ['with a tool that has no name', answer({ tools: [{}] })],
  ])('fails %s', async (_, reply) => {
    expect(await run(modern({ 'tools/list': reply }))).toMatchObject({ outcome: 'failure', reason: 'protocol' });
  });

  test('is not asked for where the server has none', async () => {
    const discover = answer({ supportedVersions: ['2026-07-28'], capabilities: {} });
    const { reason, methods } = await run(modern({ 'server/discover': discover }), { minTools: 1, canary: null });
    expect([reason, methods]).toEqual(['tools-missing', ['server/discover']]);
  });
});

describe('the canary', () => {
  const failing = (code: number): Reply => ({ error: { code, message: 'no' } });

  test.each<[string, Reply, object]>([
    ['wrong arguments', failing(-32_602), { outcome: 'unknown', reason: 'misconfigured' }],
    [
      'wrong arguments as the SDK words them',
      answer({ isError: true, content: [{ type: 'text', text: 'MCP error -32602: Input validation error' }] }),
      { outcome: 'unknown', reason: 'misconfigured' },
    ],
    ['an unknown method', { status: 404, ...failing(-32_601) }, { outcome: 'failure' }],
    ['an internal error', failing(-32_603), { outcome: 'failure', reason: 'rpc-internal' }],
    [
      'an error of its own',
      failing(-31_000),
      { outcome: 'failure', reason: 'rpc-error', detail: 'tools/call: error -31000: no' },
    ],
    ['isError', answer({ isError: true, content: [] }), { outcome: 'failure', reason: 'tool-error' }],
    ['401', { status: 401 }, { outcome: 'failure', reason: 'auth' }],
    ['500', { status: 500, ...failing(-32_603) }, { outcome: 'failure', reason: 'status' }],
  ])('%s, in both eras', async (_, reply, expected) => {
    expect(await run(modern({ 'tools/call': reply }))).toMatchObject(expected);
    const { methods, ...result } = await run(legacy({ 'tools/call': reply }));
    expect(result).toMatchObject(expected);
    expect(methods.at(-1)).toBe('DELETE');
  });

  test.each<[string, object, object]>([
    ['a request for input', { resultType: 'input_required' }, { outcome: 'unknown', reason: 'misconfigured' }],
    ['another type of result', { resultType: 'later' }, { outcome: 'failure', reason: 'protocol' }],
    ['a result without its type', { content: [] }, { outcome: 'failure', reason: 'protocol' }],
  ])('%s, in the later protocol', async (_, result, expected) => {
    expect(await run(modern({ 'tools/call': { result } }))).toMatchObject(expected);
  });

  test.each<[string, object, McpProbeSpec['canary'], object]>([
    [
      'a text',
      { content: [{ type: 'text', text: 'hi' }] },
      canary({ expect: expecting({ text: '^hi$' }) }),
      { outcome: 'success' },
    ],
    [
      'structured content, beside another text',
      { content: [{ type: 'text', text: 'done' }], structuredContent: { a: { b: 1 } } },
      canary({ expect: expecting({ text: 'done', json: { '$.a.b': 1 } }) }),
      { outcome: 'success' },
    ],
    [
      'structured content that is not as promised',
      { content: [{ type: 'text', text: '{"a":1}' }], structuredContent: { a: 2 } },
      canary({ expect: expecting({ json: { '$.a': 1 } }) }),
      { outcome: 'failure', reason: 'json' },
    ],
    [
      'a text that is no JSON',
      { content: [{ type: 'text', text: 'hi' }] },
      canary({ expect: expecting({ json: { '$.a': 1 } }) }),
      { outcome: 'failure', reason: 'not-json' },
    ],
  ])('is judged by %s', async (_, result, called, expected) => {
    expect(await run(modern({ 'tools/call': answer(result) }), { canary: called })).toMatchObject(expected);
  });
});

describe('a connection', () => {
  test('that the server closes between two requests is opened again', async () => {
    await using server = await scripted(MODERN);
    // Ends each connection behind the back of the client, without having announced it.
    server.server.on('request', ({ socket }, res) => res.on('finish', () => setImmediate(() => socket.destroy())));
    const result = await runMcp(server.url, { canary: canary() });
    expect(result).toMatchObject({ outcome: 'success' });
    expect(server.connections()).toBeGreaterThan(1);
  });

  test('that is cut in the middle of an answer is a failure', async () => {
    await using server = await scripted(modern({ 'tools/call': { silent: true } }));
    server.server.on('request', (req) => req.headers['mcp-method'] === 'tools/call' && req.socket.destroy());
    expect(await runMcp(server.url, { canary: canary() })).toMatchObject({ outcome: 'failure', reason: 'reset' });
  });
});
