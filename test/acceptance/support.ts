import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { cacheFolder } from '../../scripts/tools/cache.ts';
import type { LoadRow, Verdict } from '../../thresholds/verdict.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BOOTSTRAP = join(ROOT, 'scripts', 'bootstrap.mjs');

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-acceptance-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

export interface CliOptions {
  cwd?: string;
  /** Added to the environment of the test; undefined takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The Node that starts the command; the one of the test by default. */
  node?: string;
  /** Past this time the whole group is killed and the exit code is null. */
  deadlineMs?: number;
}

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The whole command line as a child process, in a process group of its own, as a shell starts it. */
export interface RunningCli {
  pid: number;
  stdout: () => string;
  stderr: () => string;
  exited: Promise<CliResult>;
}

/** Starts `firedrill ...args`; whatever is left of it is killed after the test. */
export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  const { cwd = ROOT, env = {}, node = process.execPath, deadlineMs = 100_000 } = options;
  const child = spawn(node, [BOOTSTRAP, 'scripts/cli.ts', ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', XDG_CACHE_HOME: ownCache(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid ?? 0;
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const timer = setTimeout(() => killGroup(pid), deadlineMs);
  const exited = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
  onTestFinished(() => killGroup(pid));
  return { pid, stdout: () => stdout, stderr: () => stderr, exited };
}

/** Runs `firedrill ...args` to its end. */
export function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).exited;
}

/** Runs a command that ends in a verdict; the verdict is null when none was written. */
export async function run(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult & { verdict: Verdict | null; out: string }> {
  const out = join(temporaryFolder(), 'out');
  return { ...(await cli([...args, '--out', out], options)), verdict: readVerdict(out), out };
}

/** The verdict of a results folder, or null. */
export function readVerdict(out: string): Verdict | null {
  try {
    return JSON.parse(readFileSync(join(out, 'verdict.json'), 'utf8')) as Verdict;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The load row of an endpoint's objective. */
export function loadRow(verdict: Verdict | null, endpoint: string, objective: string): LoadRow | undefined {
  return verdict?.load.find((row) => row.endpoint === endpoint && row.objective === objective);
}

/** A server that answers everything with 200, gone after the test. */
export async function healthyServer(onRequest: RequestListener = () => {}): Promise<string> {
  const server = createServer((request, response) => {
    onRequest(request, response);
    response.setHeader('content-type', 'application/json');
    response.end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A catalogue file of one real service with two endpoints and promises that few samples can prove. */
export function webCatalogue(url: string): string {
  return writeCatalogue(`
system: shop
title: Web shop
team: shop
environment: here
services:
  - id: web
    kind: http
    address: '${url}'
    scrape: false
    objectives: {p50: 400ms, success: 90%}
    endpoints: [{path: /a}, {path: /b}]
`);
}

export function writeCatalogue(text: string): string {
  const path = join(temporaryFolder(), 'shop.yaml');
  writeFileSync(path, text);
  return path;
}

/** Waits until `find` finds something. Rejects at the deadline with what the command printed so far. */
export async function until<T>(
  what: string,
  find: () => T | undefined | null | false,
  { deadlineMs = 60_000, running }: { deadlineMs?: number; running?: RunningCli } = {},
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const found = find();
    if (found) return found;
    if (Date.now() > deadline) {
      throw new Error(`${what}: not within ${deadlineMs} ms\n${running?.stdout() ?? ''}${running?.stderr() ?? ''}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has gone.
  }
}

/**
 * A cache folder with the machine's tools and locks of its own: another run on this machine would make these tests wait, not fail.
 */
function ownCache(): string {
  const base = temporaryFolder();
  const tools = join(cacheFolder(process.env), 'tools');
  mkdirSync(tools, { recursive: true });
  mkdirSync(join(base, 'firedrill'));
  symlinkSync(tools, join(base, 'firedrill', 'tools'));
  return base;
}

/** A simulated service with an alert, so that a run has everything: fleet, monitoring, k6, probes, drill. */
export const SIMULATED = `
system: shop
title: Web shop
team: shop
receivers: {hook: {type: webhook, url: 'http://127.0.0.1:9/alerts'}}
routing: {receivers: [hook]}
services:
  - id: api
    kind: http
    address: 'fleet:'
    endpoints: [{path: /items}]
alerts:
  - name: ServiceDown
    severity: critical
    for: 1m
    objective: availability
    condition: {kind: target-down}
    summary: it is down
    description: it does not answer
    fault: {service: api, kind: down}
`;
