import { describe, expect, test } from 'vitest';
import type { McpProbeSpec } from '../../../../thresholds/model.ts';
import { expecting } from '../../../scripts/fleet/fixtures/catalogue.ts';
import { serveHttp } from '../../support.ts';
import { canary, runMcp } from './support.ts';

interface Page {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

const root = { openapi: '3.1.0', paths: {} };
/** As FastAPI writes it: schemas behind references. */
const server = {
  openapi: '3.1.0',
  paths: {
    '/now': {
      post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/now' } } } } },
    },
    '/docs': { get: {} },
  },
  components: { schemas: { now: { type: 'object', properties: { zone: { type: 'string' } } } } },
};
const PAGES: Record<string, Page> = {
  'GET /openapi.json': { body: root },
  'GET /time/openapi.json': { body: server },
  'POST /time/now': { body: { zone: 'UTC' } },
};
const spec: Partial<McpProbeSpec> = {
  transport: 'openapi',
  path: '',
  tools: [{ server: 'time', name: 'now' }],
  canary: canary({ tool: 'now', server: 'time', expect: expecting({ json: { '$.zone': 'UTC' } }) }),
};

async function run(pages: Record<string, Page>, change: Partial<McpProbeSpec> = {}) {
  const seen: string[] = [];
  await using listening = await serveHttp((req, res) => {
    const key = `${req.method} ${req.url}`;
    seen.push(key);
    const { status = 200, body = {}, headers = {} } = { ...PAGES, ...pages }[key] ?? { status: 404 };
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  const result = await runMcp(`http://127.0.0.1:${listening.port}`, { ...spec, ...change });
  return { ...result, seen };
}

const failing = (status: number, detail?: unknown): Record<string, Page> => ({
  'POST /time/now': { status, body: detail === undefined ? 'no' : { detail } },
});

describe('a proxy', () => {
  test('is asked on three levels', async () => {
    const { outcome, facts, seen } = await run({});
    expect([outcome, facts.mcp?.level, facts.mcp?.tools]).toEqual(['success', 3, 1]);
    expect(seen).toEqual(['GET /openapi.json', 'GET /time/openapi.json', 'POST /time/now']);
  });

  test.each<[string, Record<string, Page>, string, string, number]>([
    ['that fails', { 'GET /openapi.json': { status: 503 } }, 'failure', 'status', 0],
    ['that is something else', { 'GET /openapi.json': { body: '<html></html>' } }, 'failure', 'protocol', 0],
    ['that describes nothing', { 'GET /openapi.json': { body: {} } }, 'failure', 'protocol', 0],
    ['that wants a key', { 'GET /openapi.json': { status: 401 } }, 'failure', 'auth', 0],
    ['that sends elsewhere', { 'GET /openapi.json': { status: 302 } }, 'failure', 'redirect', 0],
    ['without the server', { 'GET /time/openapi.json': { status: 404 } }, 'failure', 'tools-missing', 1],
    ['without the tool', { 'GET /time/openapi.json': { body: root } }, 'failure', 'tools-missing', 1],
    ['whose tool is gone', failing(404), 'failure', 'tools-missing', 2],
    ['whose tool wants a key', failing(403), 'failure', 'auth', 2],
    ['that refuses the arguments', failing(422, [{ type: 'missing' }]), 'unknown', 'misconfigured', 2],
    ['whose tool fails', failing(500, { message: 'no such zone' }), 'failure', 'tool-error', 2],
    [
      'whose tool fails, as mcpo 0.0.20 says it',
      failing(500, { message: 'Unexpected error', error: "500: {'message': 'no such zone'}" }),
      'failure',
      'tool-error',
      2,
    ],
    ['whose server is lost', failing(500, { message: 'Connection closed' }), 'failure', 'status', 2],
    [
      'whose server cannot be started',
      failing(500, { message: 'Unexpected error', error: '[Errno 2] No such file' }),
      'failure',
      'status',
      2,
    ],
    ['that fails without a word', failing(500), 'failure', 'status', 2],
    ['whose tool answers otherwise', { 'POST /time/now': { body: { zone: 'CET' } } }, 'failure', 'json', 2],
  ])('%s', async (_, pages, outcome, reason, level) => {
    expect(await run(pages)).toMatchObject({ outcome, reason, facts: { mcp: { level } } });
  });

  test('a schema that refers to itself is hashed all the same, and a change behind a reference is seen', async () => {
    const hashOf = async (now: object) => {
      const document = { ...server, components: { schemas: { now } } };
      const schemas = { now: '0'.repeat(16) };
      const { detail } = await run({ 'GET /time/openapi.json': { body: document } }, { schemas });
      return /now ([0-9a-f]{16})\)/.exec(detail)?.[1];
    };
    const itself = { type: 'object', properties: { next: { $ref: '#/components/schemas/now' } } };
    expect(await hashOf(itself)).toMatch(/^[0-9a-f]{16}$/);
    const one = await hashOf({ type: 'object', properties: { zone: { type: 'string', description: 'a' } } });
    expect(await hashOf({ properties: { zone: { description: 'b', type: 'string' } }, type: 'object' })).toBe(one);
    expect(await hashOf({ type: 'object', properties: { zone: { type: 'number' } } })).not.toBe(one);
    expect(await hashOf({ type: 'object', properties: { zone: { type: 'string' }, title: {} } })).not.toBe(one);
  });

  test('a document full of references costs no time', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `s${index}`);
    const refs = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/schemas/${name}` }]));
    const schemas = Object.fromEntries(['now', ...names].map((name) => [name, { type: 'object', properties: refs }]));
    const result = await run({ 'GET /time/openapi.json': { body: { ...server, components: { schemas } } } });
    expect(result).toMatchObject({ outcome: 'success' });
    expect(result.durationSeconds).toBeLessThan(0.5);
  });
});
