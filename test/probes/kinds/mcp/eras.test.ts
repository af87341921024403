import { describe, expect, test } from 'vitest';
import { mcpKind } from '../../../../probes/kinds/mcp/kind.ts';
import { LEGACY_TRUST_MS } from '../../../../probes/kinds/mcp/server.ts';
import type { McpProbeSpec } from '../../../../thresholds/model.ts';
import { context, options, target } from '../../support.ts';
import { LEGACY, MODERN, type Reply, type Script, scripted } from './scripted-server.ts';
import { createMcp, mcpSpec, runMcp } from './support.ts';

async function run(script: Script, spec: Partial<McpProbeSpec> = {}) {
  await using server = await scripted(script);
  const result = await runMcp(server.url, spec);
  return { ...result, methods: server.methods(), seen: server.seen };
}

const unsupported = (supported: unknown): Reply => ({ status: 400, error: { code: -32_022, data: { supported } } });
const OPENS = ['server/discover', 'initialize', 'notifications/initialized', 'tools/list', 'DELETE'];

describe('the era of a server', () => {
  test.each<[string, Reply]>([
    ['400 with nothing', { status: 400 }],
    ['404', { status: 404 }],
    ['405', { status: 405 }],
    ['406 with a text', { status: 406, body: 'Not Acceptable' }],
    ['400 with an error that is none of the later protocol', { status: 400, error: { code: -32_000 } }],
    ['200 with an unknown method', { error: { code: -32_601 } }],
    ['an error that names older versions alone', unsupported(['2025-11-25'])],
  ])('%s to the later protocol means the older one', async (_, reply) => {
    const { outcome, facts, methods } = await run({ ...LEGACY, 'server/discover': reply });
    expect({ outcome, era: facts.mcp?.era }).toEqual({ outcome: 'success', era: 'legacy' });
    expect(methods).toEqual(OPENS);
  });

  test.each<[string, Reply, string]>([
    ['a mismatch of headers', { status: 400, error: { code: -32_020 } }, 'rpc-invalid'],
    ['a missing capability', { status: 400, error: { code: -32_021 } }, 'rpc-invalid'],
    ['another later version', unsupported(['2027-03-01']), 'unsupported-version'],
    ['no version at all', unsupported(undefined), 'unsupported-version'],
    ['401', { status: 401 }, 'auth'],
    ['403', { status: 403 }, 'auth'],
    ['401 with an error', { status: 401, error: { code: -32_000 } }, 'auth'],
    ['429', { status: 429 }, 'status'],
    ['408', { status: 408 }, 'status'],
    ['500', { status: 500 }, 'status'],
    ['503', { status: 503, error: { code: -32_022, data: { supported: ['2025-11-25'] } } }, 'status'],
    ['an internal error', { error: { code: -32_603 } }, 'rpc-internal'],
    ['a redirect', { status: 302, headers: { location: '/other' } }, 'redirect'],
    ['silence', { silent: true }, 'timeout'],
    ['a page', { body: '<html></html>', headers: { 'content-type': 'text/html' } }, 'protocol'],
    ['a result without versions', { result: {} }, 'protocol'],
  ])('%s never means the older protocol', async (_, reply, reason) => {
    const { outcome, reason: seen, methods } = await run({ ...LEGACY, 'server/discover': reply }, { timeoutMs: 300 });
    expect({ outcome, seen }).toEqual({ outcome: 'failure', seen: reason });
    expect(methods).toEqual(['server/discover']);
  });

  test('an error that names a supported version is answered with it', async () => {
    const discover = [unsupported(['2026-07-28', '2025-11-25']), MODERN['server/discover'] as Reply];
    const { facts, methods, seen } = await run(
      { ...MODERN, 'server/discover': discover },
      { versions: ['2026-07-28', '2027-01-01'] },
    );
    expect(methods).toEqual(['server/discover', 'server/discover', 'tools/list']);
    expect(seen.map(({ headers }) => headers['mcp-protocol-version'])).toEqual([
      '2027-01-01',
      '2026-07-28',
      '2026-07-28',
    ]);
    expect(facts.mcp).toMatchObject({ era: 'modern', version: '2026-07-28' });
  });

  test('a server that insists on a version that it refuses is not asked forever', async () => {
    const { reason, methods } = await run({ 'server/discover': unsupported(['2026-07-28']) });
    expect([reason, methods]).toEqual(['unsupported-version', ['server/discover']]);
  });

  test('a server that knows neither is told by both answers', async () => {
    const { outcome, reason, detail } = await run({});
    expect({ outcome, reason, detail }).toEqual({
      outcome: 'failure',
      reason: 'status',
      detail: 'server/discover answered with status 404; initialize answered with status 404',
    });
  });

  test.each<[McpProbeSpec['era'], string[]]>([
    ['modern', ['server/discover']],
    ['legacy', ['initialize']],
  ])('a pinned one is not searched for: %s', async (era, methods) => {
    expect((await run({}, { era })).methods).toEqual(methods);
  });

  test('a version that the catalogue does not accept is a failure', async () => {
    const { reason, detail, methods } = await run(LEGACY, { versions: ['2025-06-18'] });
    expect(reason).toBe('unsupported-version');
    expect(detail).toBe('the server answers in 2025-11-25, accepted: 2025-06-18');
    expect(methods.at(-1)).toBe('DELETE');
  });
});

describe('the verdict', () => {
  /** A probe whose clock can be put forward. */
  function remembering(url: string) {
    let aheadMs = 0;
    const clock = { ...context.clock, monotonicMs: () => context.clock.monotonicMs() + aheadMs };
    const probe = mcpKind.create({ ...context, clock }, { ...target({ url }), spec: mcpSpec() });
    return {
      run: () => probe.run(options()),
      pass: (ms: number) => {
        aheadMs += ms;
      },
    };
  }

  test('of the older protocol is kept, and looked at again after a while', async () => {
    await using server = await scripted(LEGACY);
    const probe = remembering(server.url);
    const first = () => server.seen.splice(0).at(0)?.method;
    await probe.run();
    expect(first()).toBe('server/discover');
    await probe.run();
    expect(first()).toBe('initialize');
    probe.pass(LEGACY_TRUST_MS / 2);
    await probe.run();
    expect(first()).toBe('initialize');
    probe.pass(LEGACY_TRUST_MS / 2 + 1);
    await probe.run();
    expect(first()).toBe('server/discover');
    await probe.run();
    expect(first()).toBe('initialize');
  });

  test('does not hide an upgrade of a server that still takes both', async () => {
    const discover = [{ status: 400 }, MODERN['server/discover'] as Reply];
    const tools = [LEGACY['tools/list'] as Reply, MODERN['tools/list'] as Reply];
    await using server = await scripted({ ...LEGACY, 'server/discover': discover, 'tools/list': tools });
    const probe = remembering(server.url);
    expect((await probe.run()).facts.mcp?.era).toBe('legacy');
    probe.pass(LEGACY_TRUST_MS + 1);
    expect((await probe.run()).facts.mcp?.era).toBe('modern');
  });

  test('does not fail a server that was upgraded and no longer takes the older protocol', async () => {
    const discover = [{ status: 400 }, MODERN['server/discover'] as Reply];
    const tools = [LEGACY['tools/list'] as Reply, MODERN['tools/list'] as Reply];
    const initialize = [LEGACY.initialize as Reply, unsupported(['2026-07-28'])];
    await using server = await scripted({ ...LEGACY, 'server/discover': discover, 'tools/list': tools, initialize });
    const probe = remembering(server.url);
    expect((await probe.run()).facts.mcp?.era).toBe('legacy');
    const { outcome, facts } = await probe.run();
    expect({ outcome, era: facts.mcp?.era }).toEqual({ outcome: 'success', era: 'modern' });
    server.seen.length = 0;
    await probe.run();
    expect(server.methods()[0]).toBe('server/discover');
  });

  test('is not made by an outage', async () => {
    await using server = await scripted({ ...LEGACY, 'server/discover': [{ status: 503 }, { status: 400 }] });
    const probe = createMcp(server.url);
    expect((await probe.run(options())).outcome).toBe('failure');
    server.seen.length = 0;
    expect((await probe.run(options())).outcome).toBe('success');
    expect(server.methods()).toEqual(OPENS);
  });
});
