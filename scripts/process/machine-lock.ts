import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HarnessError } from './harness-error.ts';
import { isAlive, processIdentity } from './identity.ts';

export interface MachineLockOptions {
  /** The folder that all runs on this machine share; the lock lies in its `locks` folder. */
  readonly cacheDir: string;
  /** What is locked, such as "load". */
  readonly name: string;
  /** Called once when another run holds the lock, with its pid. */
  readonly onWait?: (holderPid: number) => void;
  /** How long to wait for the lock. */
  readonly deadlineMs: number;
  /** Ends the waiting: the call rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

const POLL_MS = 100;

/**
 * Runs `work` while no other process of this machine runs its own under the same name; waiters go first come, first
 * served. A holder that died, by SIGKILL too, loses the lock at once. Rejects with a HarnessError at the deadline.
 *
 * The lock is a folder that holds one file named after its holder. Each step is one rename, so there is no moment in
 * which two hold it: a claim renames a filled folder onto the place (the system refuses it where a file lies), and
 * a takeover renames the dead holder's own file, which only one of the waiters can do.
 */
export async function withMachineLock<T>(options: MachineLockOptions, work: () => Promise<T>): Promise<T> {
  const me = `${processIdentity(process.pid)}.${randomBytes(6).toString('hex')}`;
  const locks = join(options.cacheDir, 'locks');
  const place = join(locks, `${options.name}.lock`);
  const queue = join(locks, `${options.name}.queue`);
  const ticket = join(queue, `${String(Date.now()).padStart(15, '0')}.${me}`);
  await mkdir(queue, { recursive: true });
  await writeFile(ticket, '');
  try {
    await acquire();
  } finally {
    await rm(ticket, { force: true });
  }
  try {
    return await work();
  } finally {
    await unlink(join(place, me));
    // Only tidiness: an empty folder can be claimed as well, and a filled one is another run's.
    await rmdir(place).catch(() => undefined);
  }

  async function acquire(): Promise<void> {
    const deadline = performance.now() + options.deadlineMs;
    let told = false;
    for (;;) {
      options.signal?.throwIfAborted();
      if ((await isFirstInQueue()) && (await claim())) return;
      const holder = await holderOf(place);
      if (!told && holder !== undefined) {
        told = true;
        options.onWait?.(Number.parseInt(holder, 10));
      }
      if (performance.now() > deadline) throw tooLate(holder);
      await delay(POLL_MS, undefined, options.signal === undefined ? {} : { signal: options.signal });
    }
  }

  async function isFirstInQueue(): Promise<boolean> {
    for (const other of (await readdir(queue)).sort()) {
      const identity = other.slice(other.indexOf('.') + 1);
      if (identity === me) return true;
      if (isAlive(identity)) return false;
      await rm(join(queue, other), { force: true });
    }
    throw new HarnessError(`the lock "${options.name}" was removed while waiting for it`, {
      reason: `${ticket} has gone`,
      hint: 'something cleared the cache folder during the run; start again',
    });
  }

  async function claim(): Promise<boolean> {
    const holder = await holderOf(place);
    if (holder !== undefined) return !isAlive(holder) && moves(join(place, holder), join(place, me));
    const offer = join(locks, `${options.name}.${me}`);
    await mkdir(offer);
    await writeFile(join(offer, me), '');
    const won = await moves(offer, place);
    if (!won) await rm(offer, { recursive: true, force: true });
    return won;
  }

  function tooLate(holder: string | undefined): HarnessError {
    const pid = holder === undefined ? 'another waiter' : `process ${Number.parseInt(holder, 10)}`;
    return new HarnessError(`could not get the lock "${options.name}" within ${options.deadlineMs} ms`, {
      reason: `${pid} holds ${place}`,
      hint: 'wait for the other firedrill run to end, or end it',
    });
  }
}

async function holderOf(place: string): Promise<string | undefined> {
  const names = await readdir(place).catch(() => []);
  return names[0];
}

/** Renames; false when another process was faster. Any other failure (disk full, no permission) is thrown. */
async function moves(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
