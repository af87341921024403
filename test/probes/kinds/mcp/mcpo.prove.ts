import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Auth, McpProbeSpec } from '../../../../thresholds/model.ts';
import { processTree } from '../../../acceptance/processes.ts';
import { temporaryFolder } from '../../../acceptance/support.ts';
import { expecting } from '../../../scripts/fleet/fixtures/catalogue.ts';
import { closedPort, until } from '../../support.ts';
import { canary, runMcp } from './support.ts';

// Long tier: a real mcpo with mcp-server-time behind it, from PyPI.

const EXAMPLE = join(import.meta.dirname, '../../../../examples/mcp-time');
const KEY = 's3cret';

let python: string;

beforeAll(async () => {
  const { pythonEnvironment } = await import(pathToFileURL(join(EXAMPLE, 'python.mjs')).href);
  const requirements = join(EXAMPLE, 'requirements.txt');
  const signal = new AbortController().signal;
  python = await pythonEnvironment({ requirements, env: process.env, signal, tell: () => {} });
}, 120_000);

async function startMcpo({ config = join(EXAMPLE, 'mcpo.json'), args = [] as string[] } = {}) {
  const own = ['--host', '127.0.0.1', '--port', '0', '--config', config];
  const child = spawn(join(python, 'python'), ['-c', 'import mcpo; mcpo.app()', ...own, ...args], {
    env: { ...process.env, PATH: `${python}${delimiter}${process.env.PATH ?? ''}`, PYTHONUNBUFFERED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let url: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      url ??= /Uvicorn running on (http:\/\/\S+)/.exec(line)?.[1];
    });
  }
  const tree = () => processTree(child.pid ?? 0);
  return {
    url: await until(() => url, 60_000),
    toolServer: () => tree().find(({ command }) => command.includes('mcp_server_time'))?.pid ?? 0,
    async stop() {
      const all = tree().map(({ pid }) => pid);
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await Promise.race([exited, delay(3_000)]);
      for (const pid of all) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has ended by itself.
        }
      }
      await exited;
    },
  };
}

const asked = canary({
  tool: 'get_current_time',
  server: 'time',
  arguments: { timezone: 'Etc/UTC' },
  expect: expecting({ json: { '$.timezone': 'Etc/UTC' } }),
});
const spec: Partial<McpProbeSpec> = {
  transport: 'openapi',
  path: '',
  tools: [
    { server: 'time', name: 'get_current_time' },
    { server: 'time', name: 'convert_time' },
  ],
  canary: asked,
  timeoutMs: 10_000,
};

describe('a real mcpo', () => {
  let mcpo: Awaited<ReturnType<typeof startMcpo>>;
  beforeAll(async () => {
    mcpo = await startMcpo();
  }, 90_000);
  afterAll(() => mcpo?.stop());
  const probe = (change: Partial<McpProbeSpec> = {}) => runMcp(mcpo.url, { ...spec, ...change });

  test('is up, lists its server, and the canary answers', async () => {
    const result = await probe();
    expect(result).toMatchObject({
      outcome: 'success',
      detail: '',
      facts: { mcp: { level: 3, tools: 2, missing: 0 } },
    });
    for (const phase of ['discover', 'list', 'call']) expect(result.phases[phase]).toBeGreaterThan(0);
  });

  test.each<[string, Partial<McpProbeSpec>, object]>([
    [
      'an argument that is missing is our mistake',
      { canary: { ...asked, arguments: {} } },
      { outcome: 'unknown', reason: 'misconfigured', facts: { status: 422, mcp: { level: 2 } } },
    ],
    [
      'an error of the tool is a failure',
      { canary: { ...asked, arguments: { timezone: 'Mars/Olympus' } } },
      { outcome: 'failure', reason: 'tool-error', facts: { mcp: { level: 2 } } },
    ],
    [
      'a server that it does not have is a failure',
      { tools: [{ server: 'files', name: 'read' }] },
      { outcome: 'failure', reason: 'tools-missing', facts: { mcp: { level: 1 } } },
    ],
    [
      'a tool that it does not list is a failure',
      { tools: [{ server: 'time', name: 'gone' }] },
      { outcome: 'failure', reason: 'tools-missing', facts: { mcp: { level: 1, missing: 1 } } },
    ],
  ])('%s', async (_, change, expected) => {
    expect(await probe(change)).toMatchObject(expected);
  });

  test('the hash of a schema is stable, and holds behind references', async () => {
    const schemas = { get_current_time: '0'.repeat(16) };
    const first = await probe({ schemas });
    expect(first.reason).toBe('schema-changed');
    const hash = /now ([0-9a-f]{16})/.exec(first.detail)?.[1] ?? '';
    expect(await probe({ schemas: { get_current_time: hash } })).toMatchObject({ outcome: 'success' });
  });

  test('starts a server that was killed behind it anew, which takes its time', async () => {
    const killed = mcpo.toolServer();
    process.kill(killed, 'SIGKILL');
    await until(() => (mcpo.toolServer() === killed ? undefined : true));
    const result = await probe({ degradedAboveMs: 150 });
    expect(result).toMatchObject({ outcome: 'success', degraded: true, facts: { mcp: { level: 3 } } });
    expect(await probe({ degradedAboveMs: 5_000 })).toMatchObject({ outcome: 'success', degraded: false });
  });
});

test('a real mcpo lists the tools of a server that is gone for good: only the canary tells', async () => {
  const folder = temporaryFolder();
  const starter = join(folder, 'time-server');
  writeFileSync(starter, '#!/bin/sh\nexec python -m mcp_server_time\n', { mode: 0o755 });
  const config = join(folder, 'mcpo.json');
  writeFileSync(config, JSON.stringify({ mcpServers: { time: { command: starter } } }));
  const mcpo = await startMcpo({ config });
  try {
    expect(await runMcp(mcpo.url, spec)).toMatchObject({ outcome: 'success' });
    rmSync(starter);
    process.kill(mcpo.toolServer(), 'SIGKILL');
    await until(() => (mcpo.toolServer() === 0 ? true : undefined));
    const listed = await runMcp(mcpo.url, { ...spec, canary: null });
    expect(listed).toMatchObject({ outcome: 'success', facts: { mcp: { level: 2, tools: 2 } } });
    const result = await runMcp(mcpo.url, spec);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'status', facts: { mcp: { level: 2 }, status: 500 } });
  } finally {
    await mcpo.stop();
  }
}, 90_000);

test('a real mcpo with an API key lets in who has it', async () => {
  const mcpo = await startMcpo({ args: ['--api-key', KEY, '--strict-auth'] });
  try {
    const auth: Auth = { kind: 'bearer', token: { variable: 'TOKEN' } };
    expect(await runMcp(mcpo.url, spec, {}, { auth })).toMatchObject({
      outcome: 'success',
      facts: { mcp: { level: 3 } },
    });
    const refused = await runMcp(mcpo.url, spec);
    expect(refused).toMatchObject({ outcome: 'failure', reason: 'auth' });
    expect(JSON.stringify(refused)).not.toContain(KEY);
  } finally {
    await mcpo.stop();
  }
}, 90_000);

test('a proxy that is away is refused', async () => {
  const result = await runMcp(`http://127.0.0.1:${await closedPort()}`, spec);
  expect(result).toMatchObject({ outcome: 'failure', reason: 'refused', facts: { mcp: { level: 0 } } });
});
