import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { expecting, mcpService, tool } from '../../../scripts/fleet/fixtures/catalogue.ts';
import { fleetOf } from '../../../scripts/fleet/fixtures/client.ts';
import { closedPort, until } from '../../support.ts';
import { manyRuns } from './many-runs.ts';
import { ECHO, legacySdkServer } from './sdk-server.ts';
import { canary, runMcp } from './support.ts';

const RUNS = 1_000;

test('a thousand probes leave no session at the fleet', async () => {
  const clock = tool('get_current_time', { arguments: { timezone: 'UTC' } });
  const { fleet, url } = await fleetOf([mcpService('clock', { era: 'legacy' }, { endpoints: [clock] })]);
  try {
    await fleet.inject('shop', { service: 'clock', kind: 'slow', delayMs: 5 });
    const call = { tool: 'get_current_time', args: { timezone: 'UTC' }, wrong: { timezone: 'Mars' }, shortMs: 40 };
    const seen = await manyRuns(url('clock'), RUNS, call);
    expect(seen.success.filter((result) => result !== 'aborted' && result.outcome === 'success')).toHaveLength(
      RUNS / 5,
    );
    expect((await fleet.stats()).services['shop/clock']?.sessions).toBe(0);
  } finally {
    await fleet.stop();
  }
});

test('a thousand probes leave no session at a server of the SDK that answers late', async () => {
  await using server = await legacySdkServer({ delayMs: () => Math.random() * 25 });
  await manyRuns(server.url, RUNS, { tool: ECHO.name, args: { text: 'a' }, wrong: {}, shortMs: 60 }, { era: 'legacy' });
  expect(server.opened()).toBeGreaterThan(RUNS / 2);
  expect(server.sessions.size).toBe(0);
});

/** The reference server of the protocol, as its users start it. It tells of its sessions in its log. */
async function startEverything() {
  const port = await closedPort();
  const program = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');
  const child = spawn(process.execPath, [program, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let isListening = false;
  let opened = 0;
  let ended = 0;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      if (line.includes('listening on port')) isListening = true;
      if (line.startsWith('Session initialized with ID')) opened += 1;
      if (line.startsWith('Transport closed for session')) ended += 1;
    });
  }
  await until(() => isListening || undefined);
  return {
    url: `http://127.0.0.1:${port}`,
    opened: () => opened,
    left: () => opened - ended,
    async [Symbol.asyncDispose]() {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await exited;
    },
  };
}

test('the reference server is found healthy, and a thousand probes leave no session at it', async () => {
  await using server = await startEverything();
  const said = canary({ tool: 'echo', arguments: { message: 'hi' }, expect: expecting({ text: 'hi' }) });
  const result = await runMcp(server.url, { canary: said, minTools: 5, ping: true, timeoutMs: 5_000 });
  expect(result).toMatchObject({
    outcome: 'success',
    detail: '',
    facts: { mcp: { era: 'legacy', version: '2025-11-25', session: 'ended' } },
  });
  const wrong = canary({ tool: 'echo', arguments: { message: 1 } });
  expect(await runMcp(server.url, { canary: wrong, timeoutMs: 5_000 })).toMatchObject({
    outcome: 'unknown',
    reason: 'misconfigured',
  });
  await manyRuns(server.url, RUNS, { tool: 'echo', args: { message: 'hi' }, wrong: {}, shortMs: 60 });
  expect(server.opened()).toBeGreaterThan(RUNS / 2);
  await until(() => (server.left() === 0 ? true : undefined), 5_000).catch(() => {});
  expect(server.left()).toBe(0);
});
