import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HarnessError } from '../../../scripts/process/harness-error.ts';
import { isAlive, processIdentity } from '../../../scripts/process/identity.ts';
import { withMachineLock } from '../../../scripts/process/machine-lock.ts';

const DEADLINE_MS = 15_000;

async function cache(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-lock-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Another process that takes the lock, says so, and holds it until it is killed. */
async function holder(cacheDir: string): Promise<ReturnType<typeof spawn>> {
  const file = join(cacheDir, 'holder.ts');
  const module = resolve('scripts/process/machine-lock.ts');
  await writeFile(
    file,
    `import { withMachineLock } from ${JSON.stringify(module)};
     await withMachineLock({ cacheDir: ${JSON.stringify(cacheDir)}, name: 'load', deadlineMs: 60000 }, () => {
       process.stdout.write('held\\n');
       return new Promise((done) => setTimeout(done, 60000));
     });`,
  );
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout ?? child, 'data');
  return child;
}

test('two lockers never work at the same time, and both get to work in the order in which they came', async () => {
  const cacheDir = await cache();
  let working = 0;
  const order: number[] = [];
  const work = (id: number) => async () => {
    working++;
    expect(working).toBe(1);
    await new Promise((done) => setTimeout(done, 20));
    order.push(id);
    working--;
  };
  const runs: Promise<void>[] = [];
  for (let id = 0; id < 5; id++) {
    runs.push(withMachineLock({ cacheDir, name: 'load', deadlineMs: DEADLINE_MS }, work(id)));
    // Tickets are ordered by the millisecond.
    await new Promise((done) => setTimeout(done, 3));
  }
  await Promise.all(runs);
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(await readdir(join(cacheDir, 'locks'))).toEqual(['load.queue']);
  expect(await readdir(join(cacheDir, 'locks', 'load.queue'))).toEqual([]);
});

test('locks of different names do not wait for each other', async () => {
  const cacheDir = await cache();
  const inner = () => withMachineLock({ cacheDir, name: 'b', deadlineMs: DEADLINE_MS }, async () => 'both');
  expect(await withMachineLock({ cacheDir, name: 'a', deadlineMs: DEADLINE_MS }, inner)).toBe('both');
});

test('a lock is free again after its work failed', async () => {
  const cacheDir = await cache();
  const options = { cacheDir, name: 'load', deadlineMs: DEADLINE_MS };
  await expect(withMachineLock(options, () => Promise.reject(new Error('boom')))).rejects.toThrow('boom');
  expect(await withMachineLock(options, async () => 1)).toBe(1);
});

test('a live holder is waited for, named, and after the deadline an error', async () => {
  const cacheDir = await cache();
  const { pid } = await holder(cacheDir);
  const waitedFor: number[] = [];
  const onWait = (holderPid: number) => waitedFor.push(holderPid);
  const late = withMachineLock({ cacheDir, name: 'load', onWait, deadlineMs: 300 }, async () => 1);
  const error = await late.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(HarnessError);
  expect(error.reason).toContain(`process ${pid} holds`);
  expect(waitedFor).toEqual([pid]);
});

test('waiting ends when it is aborted', async () => {
  const cacheDir = await cache();
  await holder(cacheDir);
  const abort = new AbortController();
  const onWait = () => abort.abort(new Error('interrupted'));
  const options = { cacheDir, name: 'load', onWait, deadlineMs: DEADLINE_MS, signal: abort.signal };
  await expect(withMachineLock(options, async () => 1)).rejects.toThrow();
  expect(await readdir(join(cacheDir, 'locks', 'load.queue'))).toEqual([]);
});

test('a holder that was killed loses the lock to just one of many waiters', async () => {
  const cacheDir = await cache();
  const child = await holder(cacheDir);
  let working = 0;
  let most = 0;
  const waiters = Array.from({ length: 5 }, () =>
    withMachineLock({ cacheDir, name: 'load', deadlineMs: DEADLINE_MS }, async () => {
      most = Math.max(most, ++working);
      await new Promise((done) => setTimeout(done, 20));
      working--;
    }),
  );
  child.kill('SIGKILL');
  await Promise.all(waiters);
  expect(most).toBe(1);
});

test('a waiter that died does not block the queue', async () => {
  const cacheDir = await cache();
  const queue = join(cacheDir, 'locks', 'load.queue');
  await mkdir(queue, { recursive: true });
  await writeFile(join(queue, '000000000000001.999999999.1.abc'), '');
  expect(await withMachineLock({ cacheDir, name: 'load', deadlineMs: 1_000 }, async () => 1)).toBe(1);
});

test('a process is not taken for another one that had its pid before', () => {
  const identity = processIdentity(process.pid);
  expect(isAlive(identity)).toBe(true);
  if (process.platform === 'linux') expect(isAlive(`${process.pid}.1`)).toBe(false);
  expect(isAlive('999999999.1')).toBe(false);
  expect(isAlive('nonsense')).toBe(false);
  expect(isAlive('-1.0')).toBe(false);
});
