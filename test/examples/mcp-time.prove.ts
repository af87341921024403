import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isAlive } from '../../scripts/process/identity.ts';
import { cacheFolder } from '../../scripts/tools/cache.ts';
import type { Verdict } from '../../thresholds/verdict.ts';
import { processTree, refuses, type SeenProcess } from '../acceptance/processes.ts';
import { loadRow, readVerdict, temporaryFolder } from '../acceptance/support.ts';

// Long tier: the example as a user starts it, with a real mcpo and mcp-server-time. The first run installs them from PyPI.

const SCRIPT = join(import.meta.dirname, '../../examples/mcp-time/run.mjs');
const SAMPLE_EVERY_MS = 500;
const TIMEOUT_MS = 240_000;

interface ExampleResult {
  code: number | null;
  stdout: string;
  stderr: string;
  verdict: Verdict | null;
  /** Every process that was seen below the script, itself included. */
  seen: SeenProcess[];
}

interface Running {
  pid: number;
  tree: SeenProcess[];
  stdout: string;
}

/** Runs the script to its end; `look` is called again and again with what runs at that moment. */
async function example(
  options: readonly string[],
  env: Record<string, string | undefined> = {},
  look: (running: Running) => void = () => {},
): Promise<ExampleResult> {
  const out = join(temporaryFolder(), 'out');
  const child = spawn(process.execPath, [SCRIPT, ...options, '--out', out], {
    env: { ...process.env, NO_COLOR: '1', XDG_CACHE_HOME: sharedCache(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? 0;
  const seen = new Map<string, SeenProcess>();
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const sample = setInterval(() => {
    const tree = processTree(pid);
    for (const process of tree) {
      // What listens is known a moment after the start: the later look knows more.
      if (process.ports.length > 0 || !seen.has(process.identity)) seen.set(process.identity, process);
    }
    look({ pid, tree, stdout });
  }, SAMPLE_EVERY_MS);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(sample);
  return { code, stdout, stderr, verdict: readVerdict(out), seen: [...seen.values()] };
}

/** Locks of its own, so that no other run on this machine is waited for; tools and Python environment are the machine's. */
function sharedCache(): string {
  const base = mkdtempSync(join(tmpdir(), 'firedrill-example-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  mkdirSync(join(base, 'firedrill'));
  for (const name of ['tools', 'examples']) {
    const target = join(cacheFolder(process.env), name);
    mkdirSync(target, { recursive: true });
    symlinkSync(target, join(base, 'firedrill', name));
  }
  return base;
}

/** The run had both servers, and neither they nor anything else of it is left. */
async function expectNothingLeft({ seen }: ExampleResult): Promise<void> {
  const commands = seen.map(({ command }) => command);
  expect(commands.filter((command) => /import mcpo/.test(command)).length).toBeGreaterThan(0);
  expect(commands.filter((command) => /mcp_server_time/.test(command)).length).toBeGreaterThan(0);
  expect(seen.filter(({ identity }) => isAlive(identity)).map(({ command }) => command)).toEqual([]);
  for (const port of seen.flatMap(({ ports }) => ports)) expect(await refuses(port), `port ${port}`).toBe(true);
}

const outcomes = ({ verdict }: ExampleResult, objective: string) =>
  ['time/get_current_time', 'time/convert_time'].map((tool) => loadRow(verdict, tool, objective)?.outcome);

const half = (running: Running) => /^ {2}stack /m.test(running.stdout) && running.tree.some(isK6);
const isK6 = ({ command }: SeenProcess) => /k6 run/.test(command);

describe.skipIf(process.platform !== 'linux')('nightly on a real MCP tool server', { timeout: TIMEOUT_MS }, () => {
  test('passes: every tool and the probe were looked at', async () => {
    const result = await example(['--json']);
    expect(result.code, result.stderr).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual(result.verdict);
    expect(result.verdict?.outcome).toBe('pass');
    expect(outcomes(result, 'success')).toEqual(['pass', 'pass']);
    expect(outcomes(result, 'p95')).toEqual(['pass', 'pass']);
    for (const row of result.verdict?.load ?? []) expect(row.samples).toBeGreaterThanOrEqual(300);
    expect(result.verdict?.probes).toMatchObject([{ target: 'mcp-time/mcpo', failures: 0, outcome: 'pass' }]);
    await expectNothingLeft(result);
  });

  test('fails when mcpo is killed half-way', async () => {
    const result = await example([], { MCP_TIME_KILL_AFTER: '300' });
    expect(result.code, result.stderr).toBe(1);
    expect(result.verdict?.outcome).toBe('fail');
    expect(outcomes(result, 'success')).toEqual(['fail', 'fail']);
    expect(result.verdict?.probes).toMatchObject([{ outcome: 'fail' }]);
    expect(result.stderr).toContain('mcpo ended during the run: SIGKILL');
    await expectNothingLeft(result);
  });

  test('fails when the tool server hangs behind a living mcpo, and ends it all the same', async () => {
    let stopped = false;
    const result = await example([], {}, (running) => {
      const tools = running.tree.find(({ command }) => /mcp_server_time/.test(command));
      if (stopped || tools === undefined || !half(running)) return;
      stopped = true;
      // Killed, it would be no fault: mcpo starts it anew at the next call.
      process.kill(tools.pid, 'SIGSTOP');
    });
    expect(result.code, result.stderr).toBe(1);
    expect(outcomes(result, 'success')).toEqual(['fail', 'fail']);
    expect(result.verdict?.probes).toMatchObject([{ outcome: 'fail' }]);
    expect(result.stderr).not.toContain('mcpo ended');
    await expectNothingLeft(result);
  });

  test('fails on a limit of 1 ms, which no call of a tool keeps', async () => {
    const result = await example([], { MCP_TIME_P95: '1ms' });
    expect(result.code, result.stderr).toBe(1);
    expect(outcomes(result, 'p95')).toEqual(['fail', 'fail']);
    expect(outcomes(result, 'success')).toEqual(['pass', 'pass']);
    await expectNothingLeft(result);
  });

  test.each([
    ['of the run', ['--max-requests', '1'], {}],
    ['of the service', [], { MCP_TIME_REQUESTS: '1' }],
  ])('is inconclusive with one request allowed by the budget %s', async (_, options, env) => {
    const result = await example(options, env);
    expect(result.code, result.stderr).toBe(4);
    expect(result.verdict?.outcome).toBe('inconclusive');
    expect(outcomes(result, 'success')).toEqual(['inconclusive', 'inconclusive']);
    const samples = result.verdict?.load.filter(({ objective }) => objective === 'success').map((row) => row.samples);
    expect(samples?.sort()).toEqual([0, 1]);
    await expectNothingLeft(result);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('ends with 130 on %s and takes the servers down', async (signal) => {
    let sent = false;
    const result = await example([], {}, (running) => {
      if (sent || !half(running)) return;
      sent = true;
      process.kill(running.pid, signal);
    });
    expect(result.code, result.stderr).toBe(130);
    await expectNothingLeft(result);
  });

  test('is broken where the packages cannot be had, and leaves no half of an environment', async () => {
    const cache = temporaryFolder();
    const env = { XDG_CACHE_HOME: cache, PIP_NO_INDEX: '1', PIP_FIND_LINKS: undefined };
    const result = await example([], env);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('the pinned packages cannot be installed');
    expect(result.stderr).toContain('fix: make PyPI or your mirror of it reachable');
    expect(readdirSync(join(cache, 'firedrill', 'examples', 'mcp-time'))).toEqual([]);
  });
});
