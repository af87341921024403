import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { HarnessError } from '../../../scripts/process/harness-error.ts';
import { isAlive, processIdentity } from '../../../scripts/process/identity.ts';
import { type ManagedProcess, startProcess } from '../../../scripts/process/managed.ts';
import { ProcessScope } from '../../../scripts/process/scope.ts';

const DEADLINE_MS = 15_000;

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-process-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A shell running `script`, which is stopped after the test. */
async function shell(script: string, options: { logFile?: string } = {}): Promise<ManagedProcess> {
  const child = await startProcess({ name: 'Shell', file: '/bin/sh', args: ['-c', script], ...options });
  onTestFinished(async () => void (await child.stop({ graceMs: 0 })));
  return child;
}

async function failure(work: Promise<unknown>): Promise<HarnessError> {
  const error = await work.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(HarnessError);
  return error;
}

async function untilDead(pid: number): Promise<void> {
  const identity = processIdentity(pid);
  const deadline = performance.now() + DEADLINE_MS;
  while (isAlive(identity)) {
    if (performance.now() > deadline) throw new Error(`process ${pid} still lives`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

describe('a managed process', () => {
  test('gives its exit code, its output as tail and the whole of it in the log file', async () => {
    const logFile = join(await folder(), 'deep', 'shell.log');
    const child = await shell('echo one; echo two >&2; printf three; exit 7', { logFile });
    expect(await child.exited).toEqual({ code: 7, signal: null });
    expect(child.running).toBe(false);
    expect(child.tail(2)).toHaveLength(2);
    expect([...child.tail(10)].sort()).toEqual(['one', 'three', 'two']);
    expect((await readFile(logFile, 'utf8')).trim().split('\n').sort()).toEqual(['one', 'three', 'two']);
  });

  test('keeps no more than the last 200 lines in memory', async () => {
    const child = await shell('seq 1 5000');
    await child.exited;
    expect(child.tail(1000)).toHaveLength(200);
    expect(child.tail(1)).toEqual(['5000']);
  });

  test('finds a line that was written before the wait began, and one written after', async () => {
    const child = await shell('echo port=1; sleep 0.2; echo port=2; sleep 60');
    expect((await child.waitForLine(/port=(1)/, DEADLINE_MS))[1]).toBe('1');
    expect((await child.waitForLine(/port=(2)/, DEADLINE_MS))[1]).toBe('2');
    expect((await child.waitForLine(/port=(2)/g, DEADLINE_MS))[1]).toBe('2');
  });

  test('that is not ready by the deadline is named with the deadline and its output', async () => {
    const child = await shell('echo still loading; sleep 60');
    const error = await failure(child.waitForLine(/ready/, 300));
    expect(error.message).toBe('Shell did not get ready in time');
    expect(error.reason).toContain('no line matching /ready/ within 300 ms');
    expect(error.reason).toContain('still loading');
  });

  test('that ends early is reported at once, not at the deadline', async () => {
    const child = await shell('echo no such disk; exit 3');
    const started = performance.now();
    const error = await failure(child.waitForLine(/ready/, 60_000));
    expect(performance.now() - started).toBeLessThan(DEADLINE_MS);
    expect(error.message).toBe('Shell ended before it was ready');
    expect(error.reason).toBe('exit code 3\nthe end of its output:\n  no such disk');
  });

  test.each([
    ['by path', '/nowhere/tool', '/nowhere/tool: no such file'],
    ['by name', 'firedrill-no-such-tool', 'ENOENT'],
  ])('that does not exist %s is an error at the start', async (_, file, reason) => {
    const error = await failure(startProcess({ name: 'Tool', file, args: [] }));
    expect(error.message).toBe('Tool could not be started');
    expect(error.reason).toContain(reason);
  });

  test('is stopped by SIGTERM, and stopping again gives the same result', async () => {
    const child = await shell('echo up; exec sleep 60');
    await child.waitForLine(/up/, DEADLINE_MS);
    const [first, second] = await Promise.all([child.stop(), child.stop()]);
    expect(first).toEqual({ code: null, signal: 'SIGTERM' });
    expect(second).toBe(first);
    expect(await child.stop()).toBe(first);
  });

  test('that ignores SIGTERM is killed after the grace time', async () => {
    const child = await shell('trap "" TERM; echo up; while :; do sleep 0.1; done');
    await child.waitForLine(/up/, DEADLINE_MS);
    expect(await child.stop({ graceMs: 200 })).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('takes its own children with it', async () => {
    const child = await shell('sleep 60 & echo child=$!; wait');
    const [, pid] = await child.waitForLine(/child=(\d+)/, DEADLINE_MS);
    await child.stop();
    await untilDead(Number(pid));
  });

  test('leads a process group of its own, so that Ctrl-C in a terminal does not reach it', async () => {
    const child = await shell('echo up; exec sleep 60');
    await child.waitForLine(/up/, DEADLINE_MS);
    const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
    expect(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])).toBe(child.pid);
  });
});

describe('no process outlives firedrill', () => {
  const managed = resolve('scripts/process/managed.ts');

  /** Another Node that starts a child through this module, prints its pid, and goes on with `then`. */
  async function parent(then: string): Promise<{ child: number; parent: ReturnType<typeof spawn> }> {
    const dir = await folder();
    const file = join(dir, 'parent.ts');
    await writeFile(
      file,
      `import { startProcess } from ${JSON.stringify(managed)};
       const child = await startProcess({ name: 'Sleep', file: '/bin/sleep', args: ['60'] });
       setInterval(() => {}, 1000);
       process.on('SIGTERM', () => process.exit(130));
       process.stdout.write(child.pid + '\\n');
       ${then}`,
    );
    const parent = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [line] = await once(parent.stdout ?? parent, 'data');
    return { child: Number(String(line)), parent };
  }

  test.each([
    ['exits', 'process.exit(0);', undefined],
    ['throws', 'throw new Error("lost");', undefined],
    ['exits in a signal handler', '', 'SIGTERM'],
  ] as const)('when it %s', async (_, then, signal) => {
    const { child, parent: running } = await parent(then);
    if (signal !== undefined) running.kill(signal);
    await untilDead(child);
  });

  test.runIf(process.platform === 'linux')('when it is killed', async () => {
    const { child, parent: running } = await parent('');
    // Until setpriv has asked the kernel for it and become the program, the kernel knows nothing of the bond.
    const comm = () => readFile(`/proc/${child}/comm`, 'utf8').catch(() => '');
    await vi.waitUntil(async () => (await comm()).trim() === 'sleep', { timeout: DEADLINE_MS });
    running.kill('SIGKILL');
    await untilDead(child);
  });
});

describe('a scope of processes', () => {
  const sleeper = { file: '/bin/sh', args: ['-c', 'echo up; exec sleep 60'] };

  test('stops all, the last started first', async () => {
    const scope = new ProcessScope();
    const order: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      const child = await scope.start({ name, ...sleeper });
      child.exited.then(() => order.push(name));
    }
    await scope.stopAll();
    expect(order).toEqual(['third', 'second', 'first']);
  });

  test('stops a process that is started after all were stopped', async () => {
    const scope = new ProcessScope();
    await scope.stopAll();
    const late = await scope.start({ name: 'late', ...sleeper });
    expect(late.running).toBe(false);
  });

  test('tells of a process that ends unasked, later listeners included, and not of one that was stopped', async () => {
    await using scope = new ProcessScope();
    const told: string[] = [];
    scope.onUnexpectedExit((child, error) => told.push(`${child.name}: ${error.message}`));
    const stopped = await scope.start({ name: 'stopped', ...sleeper });
    await stopped.stop();
    const finite = await scope.start({ name: 'finite', file: '/bin/true', args: [], endsByItself: true });
    await finite.exited;
    const victim = await scope.start({ name: 'victim', ...sleeper });
    const work = scope.guard(new Promise(() => undefined));
    process.kill(victim.pid, 'SIGKILL');
    const error = await failure(work);
    expect(error.reason).toContain('killed by SIGKILL');
    expect(told).toEqual(['victim: victim ended while the run needed it']);
    const late: string[] = [];
    scope.onUnexpectedExit((child) => late.push(child.name));
    expect(late).toEqual(['victim']);
  });

  test('hands on the result of guarded work', async () => {
    await using scope = new ProcessScope();
    expect(await scope.guard(Promise.resolve(5))).toBe(5);
    await expect(scope.guard(Promise.reject(new Error('its own fault')))).rejects.toThrow('its own fault');
  });
});

test('a harness error describes itself with reason and hint, line by line', () => {
  const error = new HarnessError('k6 is missing', { reason: 'PATH: no k6\ncache: empty', hint: 'fix: install it' });
  expect(error.describe()).toBe('k6 is missing\n  PATH: no k6\n  cache: empty\n  fix: install it');
});
